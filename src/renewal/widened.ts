import { idOf } from './doubt.ts';
import { activeMembers, type Family, type Member } from './family.ts';
import { scopeSet } from './pat.ts';

/**
 * Whether one family is what another one was before its scopes became more: the service answered a creation with more than
 * was asked for, or somebody added some. What the record names decides; it was delivered for all older ones of the name.
 * @param recorded the active PAT of the wider family that the record at the place of both names
 */
export function isWidenedFrom(wider: Family, recorded: Member, narrower: Family): boolean {
  const scopes = new Set(scopeSet(wider.scope).split(' '));
  const before = scopeSet(narrower.scope).split(' ');
  return (
    wider.organization === narrower.organization &&
    wider.name === narrower.name &&
    before.length < scopes.size &&
    before.every((scope) => scopes.has(scope)) &&
    activeMembers(narrower).every(({ pat }) => pat.validFrom < recorded.pat.validFrom)
  );
}

/** One family again: the older ones of fewer scopes are superseded by what the record names. */
export function joined(wider: Family, narrower: readonly Family[]): Family {
  const members = [...narrower, wider].flatMap((family) => family.members);
  const sorted = members.sort((a, b) => a.pat.validFrom - b.pat.validFrom || (idOf(a) < idOf(b) ? -1 : 1));
  return { ...wider, members: sorted, narrower: narrower.map(({ scope }) => scope) };
}
