import { observeSecret } from '../destinations/key-vault/vault.ts';
import { inPool } from '../pool.ts';
import { collisions } from '../renewal/collide.ts';
import { activeMembers, type Family, type Member } from '../renewal/family.ts';
import { day, type Instant, toIsoSeconds } from '../renewal/instant.ts';
import { currentOf, type FamilyPlan, isWanted, type Observation, planFamily } from '../renewal/plan.ts';
import { deliveryTags, type Owner, type SecretVersion } from '../renewal/record.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { sentenceOf } from '../services/service-error.ts';
import { warnOfAdoption } from './adoption.ts';
import { replacePat } from './replace.ts';
import { retireByName, retireInVault, type Standing, supersedeByName } from './retire.ts';
import type { FamilyResult, RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

const untouched = 'Nothing of it was touched; the next run looks at it again.';

/** A selected family with what its destination says. */
interface Observed {
  readonly selected: SelectedFamily;
  readonly owner: Owner;
  readonly observation: Observation | Unobserved;
}

type Unobserved =
  | { readonly kind: 'refused'; readonly message: string }
  /** Nothing is active and nothing is asked for. */
  | { readonly kind: 'idle' }
  /** The job was cancelled before its turn. */
  | { readonly kind: 'cancelled' };

/**
 * Modes *advanced* and *revoke*: moves every selected family towards one state (exactly one active PAT, its value at
 * the destination, enough time left), from whatever state it is in.
 */
export async function reconcile(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly FamilyResult[]> {
  const { settings, world } = context;
  const observed = await inPool(selected, settings.concurrency, (family) => observe(context, family));
  // I1: all records are read before anything is revoked, so that no PAT goes that another secret names.
  const namers = namersOf(observed);
  const clashes = clashesOf(context, observed);
  let done = 0;
  return inPool(observed, settings.concurrency, async (item) => {
    const entries = await reconcileFamily(context, item, clashes.get(item), namers);
    world.progress(++done, observed.length);
    return { selected: item.selected, entries };
  });
}

async function observe(context: RunContext, selected: SelectedFamily): Promise<Observed> {
  const { settings, world } = context;
  const { directory, family, secretName, nameProblem } = selected;
  const nobody = { account: '', organization: directory.organization.name };
  if (nameProblem !== undefined)
    return { selected, owner: nobody, observation: { kind: 'refused', message: nameProblem } };
  if (settings.mode === 'revoke' && activeMembers(family).length === 0) {
    return { selected, owner: nobody, observation: { kind: 'idle' } };
  }
  if (world.isStopping()) return { selected, owner: nobody, observation: { kind: 'cancelled' } };
  if (world.vault === undefined || secretName === undefined) {
    return { selected, owner: nobody, observation: { kind: 'names' } };
  }
  try {
    const owner = { ...nobody, account: await directory.organization.accountId() };
    const adopting = settings.mode === 'advanced';
    return { selected, owner, observation: await observeSecret(world.vault, secretName, directory, owner, adopting) };
  } catch (error) {
    const message = `${sentenceOf(error)} ${untouched}`;
    return { selected, owner: nobody, observation: { kind: 'refused', message } };
  }
}

/** Which families' records name which PAT. */
function namersOf(observed: readonly Observed[]): ReadonlyMap<string, readonly Observed[]> {
  const namers = new Map<string, Observed[]>();
  for (const item of observed) {
    if (item.observation.kind !== 'vault' || item.observation.newest.kind !== 'record') continue;
    const id = item.observation.newest.delivery.authorizationId;
    namers.set(id, [...(namers.get(id) ?? []), item]);
  }
  return namers;
}

/** Only active PATs, and expired ones that are to be replaced, can collide. */
function clashesOf(context: RunContext, observed: readonly Observed[]): ReadonlyMap<Observed, string> {
  const { mode, policy } = context.settings;
  const claims = observed
    .filter(({ selected: { family }, observation }) => {
      if (activeMembers(family).length > 0) return true;
      if (mode === 'revoke' || isUnobserved(observation)) return false;
      return isWanted(family, observation, policy);
    })
    .map((item) => {
      const { family, secretName, variable } = item.selected;
      const { organization, name, scope } = family;
      return { item, organization, name, scope, secretName, variable };
    });
  return new Map([...collisions(claims)].map(([claim, sentence]) => [claim.item, sentence]));
}

function isUnobserved(observation: Observed['observation']): observation is Unobserved {
  return observation.kind !== 'vault' && observation.kind !== 'names';
}

async function reconcileFamily(
  context: RunContext,
  item: Observed,
  clash: string | undefined,
  namers: ReadonlyMap<string, readonly Observed[]>,
): Promise<readonly PatEntry[]> {
  const { selected, observation, owner } = item;
  const { family, directory } = selected;
  if (clash !== undefined) return refused(context, selected, `Refused: ${clash} ${untouched}`);
  if (observation.kind === 'idle') return family.members.map(({ pat }) => listed(pat));
  if (observation.kind === 'refused') return refused(context, selected, `Refused: ${observation.message}`);
  if (observation.kind === 'cancelled') return leaveForNextRun(context, family);

  const namedElsewhere = new Set(
    family.members
      .map((member) => member.pat.authorizationId.toLowerCase())
      .filter((id) => namers.get(id)?.some((namer) => namer !== item)),
  );
  const base = { selected, family, owner, namedElsewhere };
  if (context.settings.mode === 'revoke') return retireOnly(context, base, observation);

  const plan = planFamily(family, observation, context.settings.policy, directory.organization.pats.now());
  switch (plan.kind) {
    case 'refuse':
      return refused(context, selected, `Refused: ${plan.message} ${untouched}`);
    case 'leave expired':
      // Beside an active PAT of that name, expired ones are history.
      return directory.activeNames.has(family.name)
        ? family.members.map(({ pat }) => listed(pat))
        : leaveExpired(context, family, plan);
    case 'keep':
      return keep(context, base, observation, plan);
    case 'replace':
      return replace(context, base, observation, plan);
  }
}

type Base = Omit<Standing, 'current'>;

async function replace(
  context: RunContext,
  base: Base,
  observation: Observation,
  plan: FamilyPlan & { kind: 'replace' },
): Promise<readonly PatEntry[]> {
  const { family, selected, owner } = base;
  const rest = family.members
    .filter((member) => member !== plan.previous && member.state === 'expired')
    .map(({ pat }) => listed(pat));
  if (plan.reason === 'the newest version of its secret is disabled') {
    context.warn(
      `The newest version of secret "${selected.secretName}" ("${family.name}", ${family.organization}) is disabled, so its ` +
        'consumers read nothing. It is being replaced; if it was disabled on purpose, leave the PAT out in the input pats.',
    );
  }
  if (context.settings.dryRun) {
    noteFallback(context, base, observation);
    return [...(await plannedReplacement(context, base, observation, plan)), ...rest];
  }
  const replacement = await replacePat(context, { selected, observation, previous: plan.previous, owner });
  if (replacement.kind === 'not delivered') {
    noteFallback(context, base, observation);
    const others = family.members.filter((member) => member !== plan.previous);
    return [replacement.entry, ...others.map(({ pat }) => listed(pat))];
  }
  context.noteCurrent(replacement.member);
  if (replacement.kind === 'delivered, not renamed') {
    return [
      replacement.entry,
      ...family.members.filter((member) => member !== plan.previous).map(({ pat }) => listed(pat)),
    ];
  }
  const standing = { ...base, family: withMember(family, replacement.member), current: replacement.member };
  const retired =
    observation.kind === 'vault' && replacement.version !== undefined
      ? await retireInVault(context, standing, [...observation.history, replacement.version])
      : await supersedeByName(context, standing);
  warnOfAdoption(context, standing, observation, retired);
  return [...withRetirement(replacement.entry, retired), ...rest];
}

/** What a dry run would do: the same decisions, on the state that the delivery would leave behind. */
async function plannedReplacement(
  context: RunContext,
  base: Base,
  observation: Observation,
  plan: FamilyPlan & { kind: 'replace' },
): Promise<readonly PatEntry[]> {
  const { family, selected, owner } = base;
  const { settings, world } = context;
  const now = selected.directory.organization.pats.now();
  const planned: Member = {
    pat: {
      ...plan.previous.pat,
      authorizationId: 'planned',
      displayName: family.name,
      validFrom: now,
      validTo: now + settings.policy.lifetimeDays * day,
      isGlobal: settings.policy.allOrgs === 'true',
    },
    state: 'active',
    marker: { kind: 'none' },
  };
  const standing = { ...base, family: withMember(family, planned), current: planned };
  const retired =
    observation.kind === 'vault'
      ? await retireInVault(context, standing, [
          ...observation.history,
          plannedVersion(world.vault?.now() ?? now, planned, owner),
        ])
      : await supersedeByName(context, standing);
  const { pat } = plan.previous;
  const destination = destinationOf(context, selected);
  const entry: PatEntry = {
    displayName: family.name,
    authorizationId: pat.authorizationId,
    action: 'replace',
    outcome: 'planned',
    scope: pat.scope,
    previousValidTo: pat.validTo,
    previousValidFrom: pat.validFrom,
    validFrom: planned.pat.validFrom,
    validTo: planned.pat.validTo,
    ...(destination === undefined ? {} : { destination }),
    message: `Would be replaced (${plan.reason}).`,
  };
  warnOfAdoption(context, standing, observation, retired);
  return withRetirement(entry, retired);
}

function plannedVersion(created: Instant, planned: Member, owner: Owner): SecretVersion {
  const { authorizationId, displayName } = planned.pat;
  const tags = deliveryTags({ authorizationId, displayName, ...owner, deliveredAt: created });
  return { id: 'planned', created, enabled: true, expiresOn: undefined, contentType: undefined, tags };
}

async function keep(
  context: RunContext,
  base: Base,
  observation: Observation,
  plan: FamilyPlan & { kind: 'keep' },
): Promise<readonly PatEntry[]> {
  const { family, selected } = base;
  const { current } = plan;
  context.noteCurrent(current);
  const standing = { ...base, current };
  const retired =
    observation.kind === 'vault'
      ? await retireInVault(context, standing, observation.history)
      : await retireByName(context, standing);
  if (observation.kind === 'vault') warnOfAdoption(context, standing, observation, retired);
  const expired = family.members.filter((member) => member.state === 'expired').map(({ pat }) => listed(pat));
  const destination = destinationOf(context, selected);
  const entry: PatEntry = {
    ...listed(current.pat),
    action: 'skip',
    outcome: 'skipped',
    ...(destination === undefined ? {} : { destination }),
    message: `Not due before ${toIsoSeconds(plan.dueFrom)}.`,
  };
  return [entry, ...retired, ...expired];
}

/** Mode *revoke*: only the second half. Nothing is revoked where no record, or no name, says what is in use. */
async function retireOnly(context: RunContext, base: Base, observation: Observation): Promise<readonly PatEntry[]> {
  const { family } = base;
  const current = currentOf(family, observation, context.settings.policy);
  if (current === undefined) {
    noteFallback(context, base, observation);
    const why = whyNothingCurrent(base, observation);
    if (why !== undefined)
      context.warn(`"${family.name}" (${family.organization}): nothing was revoked, because ${why}`);
    return family.members.map((member) =>
      why === undefined ? listed(member.pat) : { ...listed(member.pat), message: `Left: ${why}` },
    );
  }
  context.noteCurrent(current);
  const standing = { ...base, current };
  const retired =
    observation.kind === 'vault'
      ? await retireInVault(context, standing, observation.history)
      : await retireByName(context, standing);
  const expired = family.members.filter((member) => member.state === 'expired').map(({ pat }) => listed(pat));
  return [listed(current.pat), ...retired, ...expired];
}

function whyNothingCurrent(base: Base, observation: Observation): string | undefined {
  if (observation.kind === 'names') {
    return activeMembers(base.family).length > 0
      ? 'no PAT of its plain name is active. Run mode advanced first.'
      : undefined;
  }
  const secret = `secret "${base.selected.secretName}"`;
  switch (observation.newest.kind) {
    case 'none':
      // Never delivered: nothing has been superseded, and there is nothing to say.
      return undefined;
    case 'record':
      if (observation.current.kind === 'active') {
        const { displayName, scope } = observation.current.member.pat;
        return `${secret} holds another PAT of this account, "${displayName}" (${scope}). Name another secret for this one.`;
      }
      return `the PAT that ${secret} holds is not active any more. Run mode advanced: it replaces it.`;
    case 'disabled':
      return `the newest version of ${secret} is disabled. Run mode advanced: it replaces it.`;
    case 'somebody else’s':
      return `${secret} belongs to another account or organization.`;
    case 'untagged':
      return `the newest version of ${secret} was not written by this task. Run mode advanced first.`;
  }
}

function leaveExpired(
  context: RunContext,
  family: Family,
  plan: FamilyPlan & { kind: 'leave expired' },
): readonly PatEntry[] {
  const message =
    'Expired, so left. Set includeExpired to true to have it replaced, or leave it out in the input pats.';
  context.warn(`"${family.name}" (${family.organization}, ended ${toIsoSeconds(plan.newest.pat.validTo)}): ${message}`);
  return family.members.map((member) =>
    member === plan.newest
      ? { ...listed(member.pat), action: 'skip', outcome: 'skipped', message }
      : listed(member.pat),
  );
}

/** The job was cancelled before it was known whether anything is to be done. */
function leaveForNextRun(context: RunContext, family: Family): readonly PatEntry[] {
  const message = `The job was cancelled before its turn. ${untouched}`;
  const plain = activeMembers(family).filter((member) => member.marker.kind === 'none');
  for (const member of plain) context.noteCurrent(member);
  return family.members.map((member) =>
    plain.includes(member)
      ? { ...listed(member.pat), action: 'skip', outcome: 'skipped', message }
      : listed(member.pat),
  );
}

/** Every active PAT of the family that a person sees under its plain name is told of as refused. */
function refused(context: RunContext, selected: SelectedFamily, message: string): readonly PatEntry[] {
  const { family } = selected;
  const action = context.settings.mode === 'revoke' ? 'revoke' : 'replace';
  const active = activeMembers(family).filter((member) => member.marker.kind === 'none');
  const told = new Set(active.length > 0 ? active : family.members.slice(-1));
  for (const member of active) context.noteCurrent(member);
  return family.members.map((member) =>
    told.has(member) ? { ...listed(member.pat), action, outcome: 'failed', message } : listed(member.pat),
  );
}

/** Where no new PAT stands at the destination, what consumers had is what they have. */
function noteFallback(context: RunContext, base: Base, observation: Observation): void {
  const plain = activeMembers(base.family).filter((member) => member.marker.kind === 'none');
  const current = currentOf(base.family, observation, context.settings.policy) ?? plain.at(-1);
  if (current !== undefined) context.noteCurrent(current);
}

function withMember(family: Family, member: Member): Family {
  return { ...family, members: [...family.members, member] };
}

function destinationOf(context: RunContext, selected: SelectedFamily): string | undefined {
  const { vault } = context.world;
  return vault === undefined || selected.secretName === undefined
    ? selected.variable
    : `${vault.name}/${selected.secretName}`;
}

/** The replaced PAT has one line: its revocation date goes there. A revocation that was carried out has its own. */
function withRetirement(entry: PatEntry, retired: readonly PatEntry[]): readonly PatEntry[] {
  const own = retired.find((item) => item.authorizationId === entry.authorizationId && item.action === 'none');
  const { revokeAfter: _, ...rest } = entry;
  const message = rest.message ?? own?.message?.replace(/^Left: /, 'The replaced PAT was left: ');
  const merged: PatEntry = {
    ...rest,
    ...(own?.revokeAfter === undefined ? {} : { revokeAfter: own.revokeAfter }),
    ...(message === undefined ? {} : { message }),
  };
  return [merged, ...retired.filter((item) => item !== own)];
}
