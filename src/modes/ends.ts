import type { Member } from '../renewal/family.ts';
import { day, toIsoSeconds } from '../renewal/instant.ts';
import { endOf, globalPatsEnd } from '../renewal/pat.ts';
import type { Mode } from '../renewal/policy.ts';
import type { RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** Warns of a PAT in use that ends within `warnDays`, and that this run has not renewed. */
export function warnOfEnd(context: RunContext, { family, listing }: SelectedFamily, { pat }: Member): void {
  const { warnDays } = context.settings;
  const end = endOf(pat);
  const now = listing.organization.pats.now();
  if (end - now > warnDays * day) return;
  const isForGood = pat.isGlobal && end === globalPatsEnd;
  const isOver = end <= now;
  const who = `"${pat.displayName}" (${family.organization})`;
  const when = isOver ? '' : `, within ${warnDays} days`;
  const why = isForGood
    ? `, when Microsoft ${isOver ? 'was to retire' : 'retires'} PATs that are valid in all organizations`
    : '';
  const { one, several } = advice(context.settings.mode, isForGood);
  context.warn({
    cause: `ends soon${when}${why}`,
    about: `${who}, on ${toIsoSeconds(end)}`,
    sentence: `${who} ${isOver ? 'ended' : 'ends'} on ${toIsoSeconds(end)}${when}${why}. ${one}`,
    ofSeveral: (whom) =>
      isOver
        ? `These have ended${why}: ${whom}. ${several}`
        : `These end within ${warnDays} days${why}: ${whom}. ${several}`,
    rank: 0,
    at: end,
  });
}

/** A mode that renews has just not done so, and to be told to use it helps nobody. */
function advice(mode: Mode, isForGood: boolean): { readonly one: string; readonly several: string } {
  if (mode === 'advanced')
    return {
      one: 'This run has not renewed it: its line or its error says why.',
      several: 'This run has not renewed them: their lines or errors say why.',
    };
  if (isForGood)
    return {
      one: 'Mode advanced replaces it by one of this organization.',
      several: 'Mode advanced replaces each by one of its organization.',
    };
  switch (mode) {
    case 'simple':
      return {
        one: 'This run has not renewed it: its line or its error says why.',
        several: 'This run has not renewed them: their lines or errors say why.',
      };
    case 'revoke':
      return {
        one: 'Mode revoke renews nothing: renew it with mode advanced.',
        several: 'Mode revoke renews nothing: renew them with mode advanced.',
      };
    case 'report':
      return { one: 'Renew it with mode simple or advanced.', several: 'Renew them with mode simple or advanced.' };
  }
}

/** Names what was left although it has expired. */
export function warnOfExpired(context: RunContext, { family }: SelectedFamily, { pat }: Member, advice: string): void {
  const who = `"${pat.displayName}" (${family.organization}, ended ${toIsoSeconds(endOf(pat))})`;
  context.warn({
    cause: `expired ${advice}`,
    about: who,
    sentence: `${who}: ${advice}`,
    ofSeveral: (whom) => `${whom}: ${advice}`,
    rank: 0,
  });
}
