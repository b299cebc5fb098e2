import type { Member } from '../renewal/family.ts';
import { day, toIsoSeconds } from '../renewal/instant.ts';
import { endOf, globalPatsEnd } from '../renewal/pat.ts';
import type { RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** Warns of a PAT in use that ends within `warnDays`, and that this run has not renewed. */
export function warnOfEnd(context: RunContext, { family, listing }: SelectedFamily, { pat }: Member): void {
  const { warnDays } = context.settings;
  const end = endOf(pat);
  if (end - listing.organization.pats.now() > warnDays * day) return;
  const isForGood = pat.isGlobal && end === globalPatsEnd;
  const who = `"${pat.displayName}" (${family.organization})`;
  const why = isForGood ? ', when Microsoft retires PATs that are valid in all organizations' : '';
  const advice = isForGood
    ? 'Mode advanced replaces it by one of this organization.'
    : 'Renew it with mode simple or advanced.';
  context.warn({
    cause: `ends soon${why}`,
    about: `${who}, on ${toIsoSeconds(end)}`,
    sentence: `${who} ends on ${toIsoSeconds(end)}, within ${warnDays} days${why}. ${advice}`,
    ofSeveral: (whom) =>
      `These end within ${warnDays} days${why}: ${whom}. ${isForGood ? 'Mode advanced replaces each by one of its organization.' : 'Renew them with mode simple or advanced.'}`,
    rank: 0,
  });
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
