import { idOf, isSettled } from './doubt.ts';
import { activeMembers, type Family, type Member } from './family.ts';
import type { Instant } from './instant.ts';

/**
 * Which members a later step confirms: those that this job has handed over, that still carry the *new* marker, and that
 * are young enough to be of a run that may still be going. I1: another job's are not confirmed, nobody says that its
 * values were stored.
 */
export function membersToConfirm(family: Family, handedOver: ReadonlySet<string>, now: Instant): readonly Member[] {
  return activeMembers(family).filter(
    (member) =>
      member.marker.kind === 'new' &&
      // The task makes some that are valid in all organizations, where that is asked for; never for several that are named.
      (!member.pat.isShared || member.pat.isGlobal) &&
      handedOver.has(idOf(member)) &&
      !isSettled(member, now),
  );
}

/** Whom the confirmed ones supersede: the family's other settled members without a date. A date that stands is never postponed. */
export function membersToSupersede(family: Family, confirmed: readonly Member[], now: Instant): readonly Member[] {
  const stays = new Set(confirmed.map(idOf));
  return activeMembers(family).filter(
    (member) =>
      !stays.has(idOf(member)) && !member.pat.isShared && member.marker.kind !== 'superseded' && isSettled(member, now),
  );
}

/** Handed over by an earlier run, and never confirmed: nobody knows whether anything reads them. */
export function unconfirmed(family: Family, handedOver: ReadonlySet<string>, now: Instant): readonly Member[] {
  return activeMembers(family).filter(
    (member) => member.marker.kind === 'new' && !handedOver.has(idOf(member)) && isSettled(member, now),
  );
}
