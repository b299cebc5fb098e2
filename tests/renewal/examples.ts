import { type Family, familiesOf, type Member } from '../../src/renewal/family.ts';
import { hour, type Instant } from '../../src/renewal/instant.ts';
import type { Claim, Log, LogEntry, Owner } from '../../src/renewal/log.ts';
import type { Observation } from '../../src/renewal/observation.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import type { Circumstances } from '../../src/renewal/plan.ts';
import type { RenewalPolicy } from '../../src/renewal/policy.ts';
import type { Evidence, RecordedPat } from '../../src/renewal/standing.ts';

/** The day on which all examples play. */
export const now: Instant = Date.UTC(2026, 9, 5, 4);

export const at = (iso: string): Instant => Date.parse(iso);
export const hoursAgo = (hours: number): Instant => now - hours * hour;
export const inHours = (hours: number): Instant => now + hours * hour;

export const policy: RenewalPolicy = {
  lifetimeDays: 60,
  renewBeforeDays: 14,
  revokeAfterHours: 48,
  includeExpired: false,
  allOrgs: 'keep',
};

/** A PAT of the family "Build feed": a month old, ends in a month. */
export function pat(authorizationId: string, overrides: Partial<Pat> = {}): Pat {
  return {
    authorizationId,
    displayName: 'Build feed',
    scope: 'vso.packaging',
    validFrom: hoursAgo(30 * 24),
    validTo: inHours(30 * 24),
    ...validity(overrides.isGlobal ? undefined : (overrides.targetAccounts ?? ['contoso-id'])),
    ...overrides,
  };
}

/** What the service lists as active; all of one name and scope set. */
export function familyOf(...active: readonly Pat[]): Family {
  return familyWith(active, []);
}

export function familyWith(active: readonly Pat[], expired: readonly Pat[]): Family {
  const [family] = familiesOf('contoso', { active, expired }, now);
  if (family === undefined) throw new Error('a family needs a PAT');
  return family;
}

export function memberNamed(family: Family, authorizationId: string): Member {
  const member = family.members.find((candidate) => candidate.pat.authorizationId === authorizationId);
  if (member === undefined) throw new Error(`no ${authorizationId} in the family`);
  return member;
}

export const owner: Owner = { account: 'svc-account', organization: 'contoso' };

/** What stands beside a value of the task's own. */
export function claim(authorizationId: string, at: Instant, overrides: Partial<Claim> = {}): Claim {
  return { authorizationId, ...owner, displayName: 'Build feed', at, ...overrides };
}

/** The task delivered this PAT then. */
export function delivered(
  key: string,
  authorizationId: string,
  at: Instant,
  overrides: Partial<LogEntry> = {},
): LogEntry {
  return { key, at, isServed: true, claim: claim(authorizationId, at), isProven: true, ...overrides };
}

/** A person put a value there. */
export function unrecorded(key: string, at: Instant, overrides: Partial<LogEntry> = {}): LogEntry {
  return { key, at, isServed: true, claim: undefined, isProven: false, ...overrides };
}

/** The task's claim, copied by hand onto a value of another time. */
export function copied(key: string, authorizationId: string, at: Instant): LogEntry {
  return delivered(key, authorizationId, at, { isProven: false });
}

/** Another account's delivery, or another organization's. */
export function foreign(
  key: string,
  authorizationId: string,
  at: Instant,
  other: Partial<Owner> = { account: 'other' },
): LogEntry {
  return delivered(key, authorizationId, at, { claim: claim(authorizationId, at, other) });
}

/** A place of which nothing is known but this. */
export function evidence(log: Log, rest: Partial<Evidence> = {}): Evidence {
  return {
    log,
    standing: { kind: 'nothing' },
    isEdited: false,
    obstacle: undefined,
    leftOutName: undefined,
    ...rest,
  };
}

/** A place whose newest entry is the task's own, and what became of the PAT that it names. */
export function holding(log: Log, recorded: RecordedPat, rest: Partial<Evidence> = {}): Evidence {
  const newest = log.at(-1)?.claim;
  if (newest === undefined) throw new Error('the newest entry needs a claim');
  return evidence(log, { standing: { kind: 'own', claim: newest, recorded }, ...rest });
}

/** The same, of a PAT of the family. */
export function holdingMember(family: Family, id: string, log: Log, rest: Partial<Evidence> = {}): Evidence {
  const member = memberNamed(family, id);
  return holding(log, { kind: member.state, member }, rest);
}

export function places(source: Evidence, ...followers: readonly Evidence[]): Observation & { kind: 'places' } {
  return { kind: 'places', source, followers };
}

export const names: Observation = { kind: 'names' };

/** An ordinary run: nothing was handed over, everything was seen. */
export function around(overrides: Partial<Circumstances> = {}): Circumstances {
  return {
    owner,
    now,
    isListed: () => false,
    pipelineStart: undefined,
    handedOver: new Set(),
    unseen: [],
    ...overrides,
  };
}
