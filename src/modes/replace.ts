import { deliverToVault } from '../destinations/key-vault/vault.ts';
import { markDelivered } from '../destinations/output-variables/rename.ts';
import { judgeGranted } from '../renewal/extend.ts';
import { type Member, memberOf } from '../renewal/family.ts';
import { day, hour, type Instant, minute, toIsoSeconds } from '../renewal/instant.ts';
import { withNewMarker } from '../renewal/marker.ts';
import type { Observation } from '../renewal/plan.ts';
import type { Owner, SecretVersion } from '../renewal/record.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import type { CreatedPat } from '../services/pat-api.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { isStillActive } from './directory.ts';
import type { RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';
import type { WriteCheck } from './storage-gate.ts';

/** What came of making a family's new PAT. */
export type Replacement =
  | {
      readonly kind: 'delivered';
      readonly member: Member;
      readonly version: SecretVersion | undefined;
      readonly entry: PatEntry;
    }
  /** Delivered, but its name still says `new`: what it supersedes must stay as it is. */
  | { readonly kind: 'delivered, not renamed'; readonly member: Member; readonly entry: PatEntry }
  | NotDelivered;

interface NotDelivered {
  readonly kind: 'not delivered';
  readonly entry: PatEntry;
  /** Why the vault did not take the value, where other secrets may fare no better. */
  readonly vaultTrouble: string | undefined;
}

export interface ReplacementOrder {
  readonly selected: SelectedFamily;
  readonly observation: Observation;
  readonly previous: Member;
  readonly owner: Owner;
}

/** Create, prove, deliver: the part of the protocol that makes a new current PAT. */
export async function replacePat(context: RunContext, order: ReplacementOrder): Promise<Replacement> {
  if (order.observation.kind === 'names') return makeSuccessor(context, order);
  const passage = await context.storage.enter(writeCheckOf(context, order, order.observation));
  if (passage.kind === 'closed') return notDelivered(order, passage.why);
  let made: Replacement | undefined;
  try {
    made = await makeSuccessor(context, order);
    return made;
  } finally {
    passage.leave(made?.kind === 'not delivered' ? made.vaultTrouble : undefined);
  }
}

function writeCheckOf(
  { world }: RunContext,
  { selected }: ReplacementOrder,
  { history }: Observation & { kind: 'vault' },
): WriteCheck | undefined {
  const { vault } = world;
  const { secretName } = selected;
  const newest = history.at(-1);
  if (vault === undefined || secretName === undefined || newest === undefined) return undefined;
  return () => vault.checkWritable(secretName, newest);
}

async function makeSuccessor(context: RunContext, order: ReplacementOrder): Promise<Replacement> {
  if (context.world.isStopping()) {
    return notDelivered(
      order,
      'The job was cancelled before its turn: nothing was made, and its PAT stays as it is. The next run renews it.',
    );
  }
  const { family, directory } = order.selected;
  const { pats } = directory.organization;
  const startedAt = pats.now();
  const asked = startedAt + context.settings.policy.lifetimeDays * day;
  const deadline = deliveryDeadline(context, order);
  let created: CreatedPat;
  try {
    created = await pats.create({
      displayName: order.observation.kind === 'names' ? withNewMarker(family.name) : family.name,
      scope: family.scope,
      validTo: asked,
      allOrgs: context.settings.policy.allOrgs === 'true',
    });
  } catch (error) {
    return notDelivered(order, await afterFailedCreation(order, error, startedAt));
  }
  // Before anything else happens to the value: make it unreadable in the log.
  context.world.registerSecret(created.token);

  const bad = await proveNew(order, created);
  if (bad !== undefined) {
    const undone = await undo(order, created);
    return notDelivered(order, `Its new PAT was not delivered, because ${bad.replace(/\.$/, '')}. ${undone}`);
  }
  warnOfDates(context, order, created, asked);
  return order.observation.kind === 'vault'
    ? await intoVault(context, order, order.observation, created, deadline)
    : await intoVariable(context, order, created, deadline);
}

function notDelivered(order: ReplacementOrder, message: string, vaultTrouble?: string): NotDelivered {
  return { kind: 'not delivered', entry: { ...entryOf(order), outcome: 'failed', message }, vaultTrouble };
}

function entryOf(order: ReplacementOrder): Omit<PatEntry, 'outcome'> {
  return { ...listed(order.previous.pat), displayName: order.selected.family.name, action: 'replace' };
}

/** How things stand where nothing came of it. */
const asBefore = 'Its PAT in use was not touched, nothing was stored, and the next run tries again.';

/** I9: a creation whose answer is lost is not repeated; it is looked for, told of, and left alone. */
async function afterFailedCreation(order: ReplacementOrder, error: unknown, startedAt: Instant): Promise<string> {
  const said = sentenceOf(error);
  if (!(error instanceof ServiceError) || error.outcome !== 'unknown') return `${said} No PAT was made. ${asBefore}`;

  const old = 'Its PAT in use was not touched, and nothing was stored.';
  const { family, directory } = order.selected;
  const next = 'The next runs renew it, and revoke what was made for nothing once it is old enough.';
  try {
    const listed = await directory.organization.pats.list('active');
    const newcomers = listed.filter(
      (pat) =>
        !directory.byId.has(pat.authorizationId.toLowerCase()) &&
        pat.validFrom >= startedAt - minute &&
        (pat.displayName === family.name || pat.displayName === withNewMarker(family.name)),
    );
    const what =
      newcomers.length === 0
        ? 'No new PAT of that name is listed.'
        : `A PAT of that name has appeared (${newcomers.map((pat) => pat.authorizationId).join(', ')}), made by this run ` +
          'or by another one; its value is not known here, so nothing was revoked.';
    return `${said} Whether its new PAT was made is not certain. ${what} ${old} ${next}`;
  } catch {
    return `${said} Whether its new PAT was made is not certain, and the list could not be read again. ${old} ${next}`;
  }
}

/** Throws once 30 minutes have passed since the creation, by any of the clocks: another run may take it for an orphan. */
function deliveryDeadline(context: RunContext, order: ReplacementOrder): () => void {
  const { pats } = order.selected.directory.organization;
  const { vault, elapsed } = context.world;
  const started = { elapsed: elapsed(), pats: pats.now(), vault: vault?.now() ?? 0 };
  return () => {
    const passed = Math.max(
      elapsed() - started.elapsed,
      pats.now() - started.pats,
      (vault?.now() ?? 0) - started.vault,
    );
    if (passed <= 30 * minute) return;
    throw new ServiceError(
      'More than 30 minutes have passed since its new PAT was made, so it was not delivered any more.',
      {
        outcome: 'unsent',
        code: 'TooLate',
      },
    );
  };
}

/** Why the new PAT is not to be delivered; undefined if it works, or the lifecycle API says that it is active. */
async function proveNew(order: ReplacementOrder, created: CreatedPat): Promise<string | undefined> {
  const { organization } = order.selected.directory;
  const proof = await organization.prove(created.token).catch(() => ({ kind: 'nothing shown' }) as const);
  if (proof.kind === 'works') return undefined;
  if (proof.kind === 'bad') return proof.why;
  // Its scopes may not allow the call: the lifecycle API's word stands.
  try {
    const pat = await organization.pats.get(created.pat.authorizationId);
    if (pat === undefined) return 'Azure DevOps does not know it (any more)';
    return memberOf(pat, organization.pats.now()).state === 'active' ? undefined : 'Azure DevOps says it is not active';
  } catch (error) {
    return `nobody could say whether it works: ${sentenceOf(error)}`;
  }
}

/** Revokes a PAT that this run made and certainly did not deliver; says what came of it. */
async function undo(order: ReplacementOrder, created: CreatedPat): Promise<string> {
  const id = created.pat.authorizationId;
  try {
    await order.selected.directory.organization.pats.revoke(id);
    return `The new PAT (${id}) was revoked again. ${asBefore}`;
  } catch (error) {
    return (
      `The new PAT (${id}) could not be revoked again (${sentenceOf(error)}); nobody has its value, and a later run ` +
      `revokes it. ${asBefore}`
    );
  }
}

function warnOfDates(context: RunContext, order: ReplacementOrder, created: CreatedPat, asked: Instant): void {
  const { family } = order.selected;
  const granted = created.pat.validTo;
  if (judgeGranted({ previous: order.previous.pat.validFrom, asked, granted }) !== 'as asked') {
    context.warn(
      `"${family.name}" (${family.organization}): asked for an end on ${toIsoSeconds(asked)}, granted was ${toIsoSeconds(granted)}. ` +
        'A policy of the tenant limits how long a PAT may live: set lifetimeDays to fit it, and run often enough.',
    );
  }
  if (order.previous.pat.isGlobal && !created.pat.isGlobal) {
    context.warn(
      `"${family.name}": the old PAT is valid in all organizations, its successor in ${family.organization} only ` +
        '(Microsoft retires global PATs on 2026-12-01). Consumers in other organizations need a PAT of their own.',
    );
  }
}

function doneEntry(order: ReplacementOrder, created: CreatedPat, destination: string, revokeAfter: Instant): PatEntry {
  const { pat, state } = order.previous;
  const { authorizationId: newAuthorizationId, validFrom, validTo } = created.pat;
  return {
    ...entryOf(order),
    outcome: 'done',
    previousValidTo: pat.validTo,
    previousValidFrom: pat.validFrom,
    newAuthorizationId,
    validFrom,
    validTo,
    destination,
    ...(state === 'active' && !pat.isGlobal ? { revokeAfter } : {}),
  };
}

async function intoVault(
  context: RunContext,
  order: ReplacementOrder,
  observation: Observation & { kind: 'vault' },
  created: CreatedPat,
  deadline: () => void,
): Promise<Replacement> {
  const { vault, variables } = context.world;
  const { secretName, family, variable } = order.selected;
  if (vault === undefined || secretName === undefined) throw new Error('a vault is needed to deliver into one');
  let version: SecretVersion;
  try {
    version = await deliverToVault(vault, {
      secret: secretName,
      pat: created.pat,
      token: created.token,
      familyName: family.name,
      owner: order.owner,
      previous: observation.history.at(-1),
      beforeEach: deadline,
    });
  } catch (error) {
    return await afterFailedDelivery(order, created, error);
  }
  if (variable !== undefined) await variables.set(variable, created.token);
  const grace = context.settings.policy.revokeAfterHours * hour;
  const entry = doneEntry(order, created, `${vault.name}/${secretName}`, version.created + grace);
  return {
    kind: 'delivered',
    member: memberOf(created.pat, order.selected.directory.organization.pats.now()),
    version,
    entry,
  };
}

/** A new PAT is taken back only if its value certainly did not arrive. */
async function afterFailedDelivery(order: ReplacementOrder, created: CreatedPat, error: unknown): Promise<Replacement> {
  const said = sentenceOf(error);
  const trouble = isVaultsTrouble(error) ? said : undefined;
  if (error instanceof ServiceError && error.outcome !== 'unknown') {
    return notDelivered(order, `${said} ${await undo(order, created)}`, trouble);
  }
  return notDelivered(
    order,
    `${said} Whether the value of the new PAT (${created.pat.authorizationId}) has arrived is not certain, so both it and ` +
      'the PAT in use stay valid. The next run looks at the secret and carries on from there.',
    trouble,
  );
}

async function knownToBeGone(order: ReplacementOrder, created: CreatedPat): Promise<boolean | undefined> {
  const { organization } = order.selected.directory;
  return isStillActive(organization, created.pat.authorizationId).then(
    (member) => member === undefined,
    () => undefined,
  );
}

/** Whether other secrets would fare no better: not if this secret is deleted, its content refused, or time ran out. */
function isVaultsTrouble(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  return error.status !== 409 && error.status !== 400 && error.code !== 'TooLate';
}

async function intoVariable(
  context: RunContext,
  order: ReplacementOrder,
  created: CreatedPat,
  deadline: () => void,
): Promise<Replacement> {
  const { family, variable, directory } = order.selected;
  const { pats } = directory.organization;
  if (variable === undefined) throw new Error('an output variable is needed to deliver into one');
  if (context.world.isStopping()) {
    // The later steps of a cancelled job do not run: nobody would store the value.
    return notDelivered(order, `The job was cancelled before its value was handed over. ${await undo(order, created)}`);
  }
  try {
    deadline();
  } catch (error) {
    return notDelivered(order, `${sentenceOf(error)} ${await undo(order, created)}`);
  }
  await context.world.variables.set(variable, created.token);
  const revokeAfter = pats.now() + context.settings.policy.revokeAfterHours * hour;
  const entry = doneEntry(order, created, variable, revokeAfter);
  try {
    const renamed = await markDelivered(pats, created.pat, family.name);
    return { kind: 'delivered', member: memberOf(renamed, pats.now()), version: undefined, entry };
  } catch (error) {
    if ((await knownToBeGone(order, created)) === true) {
      return notDelivered(
        order,
        `Its new PAT (${created.pat.authorizationId}) was revoked by somebody while its value was handed over: do not use that ` +
          'value. Its PAT in use was not touched. Run again.',
      );
    }
    const message =
      `Its value was set, but the new PAT (${created.pat.authorizationId}) could not be renamed: ${sentenceOf(error)} ` +
      `Rename it to "${family.name}" by hand once its value is stored; until then nothing is revoked.`;
    context.warn(`"${family.name}" (${family.organization}): ${message}`);
    const { revokeAfter: _, ...withoutDate } = entry;
    return {
      kind: 'delivered, not renamed',
      member: memberOf(created.pat, pats.now()),
      entry: { ...withoutDate, message },
    };
  }
}
