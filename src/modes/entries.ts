import { activeMembers, type Family, type Member } from '../renewal/family.ts';
import type { Instant } from '../renewal/instant.ts';
import { listed, type PatEntry, type PlaceOutcome } from '../report/run-report.ts';
import type { Observed } from './observe.ts';
import type { SelectedFamily } from './selection.ts';

/** Every active PAT of the family that a person sees under its plain name is told of as refused. */
export function refusedEntries(
  { family }: SelectedFamily,
  action: 'extend' | 'replace' | 'revoke' | 'none',
  message: string,
  cause: string,
): readonly PatEntry[] {
  const active = activeMembers(family).filter((member) => member.marker.kind === 'none');
  const told = new Set(active.length > 0 ? active : family.members.slice(-1));
  return family.members.map((member) =>
    told.has(member) ? { ...listed(member.pat), action, outcome: 'failed', message, cause } : listed(member.pat),
  );
}

/** What consumers may be given where nothing more is known: the active PATs of the plain name. */
export function plainActive(family: Family): readonly Member[] {
  return activeMembers(family).filter((member) => member.marker.kind === 'none');
}

/** Made and never confirmed: what consumers read may be one of them. */
export function newActive(family: Family): readonly Member[] {
  return activeMembers(family).filter((member) => member.marker.kind === 'new');
}

/** Where values are put, in the report's words. */
export function placesOf(selected: SelectedFamily, outcome: PlaceOutcome['outcome']): Partial<PatEntry> {
  const { destination } = selected;
  switch (destination.kind) {
    case 'none':
      return {};
    case 'handed over':
      return destination.variable === undefined ? {} : { destination: destination.variable };
    case 'places': {
      const [first] = destination.places;
      const destinations = destination.places.map(({ label }) => ({ place: label, outcome }));
      return first === undefined ? {} : { destination: first.label, destinations };
    }
  }
}

/** How sentences call the place of a family, if it has one. */
export function phraseOf({ destination }: SelectedFamily): string | undefined {
  return destination.kind === 'places' ? destination.places[0]?.phrase : undefined;
}

/** A member's line that gives the day from which on it may be revoked. */
export function leaving(member: Member, revokeAfter: Instant): PatEntry {
  return { ...listed(member.pat), revokeAfter };
}

export function named({ family }: SelectedFamily): string {
  return `"${family.name}" (${family.organization})`;
}

export function familyOf(observed: Observed): Family {
  return observed.selected.family;
}
