import { observeSecret, wholeSeconds } from '../destinations/key-vault/vault.ts';
import { inPool } from '../pool.ts';
import { type ExtensionPlan, judgeGranted, planExtension } from '../renewal/extend.ts';
import { activeMembers, belongsTo, type Member, memberOf } from '../renewal/family.ts';
import { toIsoSeconds } from '../renewal/instant.ts';
import { endOf } from '../renewal/pat.ts';
import type { SecretVersion } from '../renewal/record.ts';
import { listed, type PatEntry } from '../report/run-report.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import type { FamilyResult, RunContext } from './run-context.ts';
import type { SelectedFamily } from './selection.ts';

/** One PAT to look at, and the vault's record of it, if there is one. */
interface Candidate {
  readonly selected: SelectedFamily;
  readonly member: Member;
  readonly record: SecretVersion | undefined;
}

/** Mode *simple*: pushes the expiry date of each selected PAT out; the value stays. */
export async function extendAll(
  context: RunContext,
  selected: readonly SelectedFamily[],
): Promise<readonly FamilyResult[]> {
  const { settings, world } = context;
  let done = 0;
  const repeated = listedBefore(selected);
  return inPool(selected, settings.concurrency, async (item) => {
    const entries = await extendFamily(context, item, repeated);
    world.progress(++done, selected.length);
    return { selected: item, entries };
  });
}

/** Each organization lists a PAT that is valid in all: what an earlier one has listed is handled there. */
function listedBefore(selected: readonly SelectedFamily[]): ReadonlySet<Member> {
  const seen = new Set<string>();
  const repeated = new Set<Member>();
  for (const member of selected.flatMap(({ family }) => family.members).filter(({ pat }) => pat.isGlobal)) {
    if (seen.has(member.pat.authorizationId)) repeated.add(member);
    seen.add(member.pat.authorizationId);
  }
  return repeated;
}

async function extendFamily(
  context: RunContext,
  selected: SelectedFamily,
  repeated: ReadonlySet<Member>,
): Promise<readonly PatEntry[]> {
  const { family } = selected;
  const active = activeMembers(family);
  let recorded: { readonly authorizationId: string; readonly version: SecretVersion } | undefined;
  try {
    recorded = await recordedMember(context, selected);
  } catch (error) {
    for (const member of active) context.noteCurrent(member);
    return family.members.map((member) =>
      member.state === 'active' && member.marker.kind === 'none'
        ? failed(
            member,
            `The record of its secret could not be read: ${sentenceOf(error)} Its end was not changed; the next run tries again.`,
          )
        : listed(member.pat),
    );
  }
  const entries: PatEntry[] = [];
  for (const member of family.members) {
    if (member.marker.kind !== 'none') entries.push(listed(member.pat));
    else if (member.state === 'expired') entries.push(expired(context, selected, member, recorded !== undefined));
    else if (repeated.has(member)) {
      entries.push({
        ...listed(member.pat),
        message: 'Left: another organization has listed it too, and it is handled there.',
      });
    } else if (recorded === undefined) entries.push(await extend(context, { selected, member, record: undefined }));
    else if (recorded.authorizationId === member.pat.authorizationId.toLowerCase()) {
      entries.push(await extend(context, { selected, member, record: recorded.version }));
    } else {
      entries.push({ ...listed(member.pat), message: 'Left: the secret’s record names another PAT of this name.' });
    }
  }
  return entries;
}

/** With a vault and a record, only the PAT that consumers are given is extended: the others are on their way out. */
async function recordedMember(context: RunContext, selected: SelectedFamily) {
  const { vault } = context.world;
  const { directory, family, secretName, nameProblem } = selected;
  if (vault === undefined || secretName === undefined || nameProblem !== undefined) return undefined;
  // Nothing is extended any more: what the record says does not matter.
  if (context.world.isStopping()) return undefined;
  if (activeMembers(family).length === 0) return undefined;
  const owner = { account: await directory.organization.accountId(), organization: directory.organization.name };
  const { newest, current } = await observeSecret(vault, secretName, directory, owner, false);
  if (newest.kind !== 'record') return undefined;
  // The secret may be another family's: same name, other scopes.
  const isOthers = (current.kind === 'active' || current.kind === 'expired') && !belongsTo(family, current.member.pat);
  if (isOthers) return undefined;
  if (current.kind !== 'active') {
    context.warn(
      `"${family.name}" (${family.organization}): the PAT that secret "${secretName}" holds is not active any more, so nothing of ` +
        'that name was extended. Mode advanced replaces it.',
    );
  }
  return { authorizationId: newest.delivery.authorizationId, version: newest.version };
}

async function extend(context: RunContext, candidate: Candidate): Promise<PatEntry> {
  const { selected, member } = candidate;
  const { pats } = selected.directory.organization;
  const { settings, world } = context;
  const plan = planExtension(member.pat, settings.policy, pats.now());
  if (plan.kind !== 'extend') return await leave(context, candidate, plan);
  if (settings.dryRun) {
    context.noteCurrent(member);
    return {
      ...listed(member.pat),
      action: 'extend',
      outcome: 'planned',
      previousValidTo: endOf(member.pat),
      validTo: endOf({ ...member.pat, validTo: plan.validTo }),
    };
  }
  if (world.isStopping()) {
    context.noteCurrent(member);
    return {
      ...listed(member.pat),
      action: 'skip',
      outcome: 'skipped',
      message: 'The job was cancelled before its turn.',
    };
  }
  try {
    const { allOrgs } = settings.policy;
    const extended = await pats.update({
      authorizationId: member.pat.authorizationId,
      displayName: member.pat.displayName,
      scope: member.pat.scope,
      validTo: plan.validTo,
      allOrgs: allOrgs === 'keep' ? member.pat.isGlobal : allOrgs === 'true',
    });
    return await extendedEntry(context, candidate, memberOf(extended, pats.now()), plan.validTo);
  } catch (error) {
    context.noteCurrent(member);
    const isUnsure = error instanceof ServiceError && error.outcome === 'unknown';
    const end = `It still ends on ${toIsoSeconds(member.pat.validTo)}${isUnsure ? ', unless only the answer was lost' : ''}`;
    return failed(member, `${sentenceOf(error)} ${end}; its value stays valid until then. The next run tries again.`);
  }
}

async function extendedEntry(
  context: RunContext,
  candidate: Candidate,
  extended: Member,
  asked: number,
): Promise<PatEntry> {
  const { member, selected } = candidate;
  const previous = member.pat.validTo;
  const granted = extended.pat.validTo;
  context.noteCurrent(extended);
  const entry: PatEntry = {
    ...listed(extended.pat),
    action: 'extend',
    outcome: 'done',
    previousValidTo: endOf(member.pat),
  };
  const note = await followRecord(context, candidate, extended);
  const judged = judgeGranted({ previous, asked, granted });
  if (judged === 'as asked') return note === undefined ? entry : { ...entry, message: note };
  const cut =
    `asked for an end on ${toIsoSeconds(asked)}, granted was ${toIsoSeconds(granted)}` +
    (judged === 'cut'
      ? '.'
      : judged === 'unmoved'
        ? ', no later than before.'
        : `, EARLIER than before (${toIsoSeconds(previous)}).`);
  context.warn(
    `"${member.pat.displayName}" (${selected.family.organization}): ${cut} A policy of the tenant limits how long a PAT may ` +
      'live, counted from its creation: mode advanced replaces it in time.',
  );
  const message = [`A policy cut the date: ${cut}`, ...(note === undefined ? [] : [note])].join(' ');
  return judged === 'unmoved' ? { ...entry, outcome: 'skipped', message } : { ...entry, message };
}

async function leave(
  context: RunContext,
  candidate: Candidate,
  plan: Exclude<ExtensionPlan, { kind: 'extend' }>,
): Promise<PatEntry> {
  const { member } = candidate;
  context.noteCurrent(member);
  const why =
    plan.kind === 'not due'
      ? `Not due before ${toIsoSeconds(plan.dueFrom)}.`
      : `Ends later than asked (${toIsoSeconds(plan.wanted)}) already; a date is never brought forward.`;
  const note = await followRecord(context, candidate, member);
  return {
    ...listed(member.pat),
    action: 'skip',
    outcome: 'skipped',
    message: [why, ...(note === undefined ? [] : [note])].join(' '),
  };
}

/** Keeps the vault's `expiresOn` in step with the PAT's end; gives a note of it for the report. */
async function followRecord(context: RunContext, candidate: Candidate, member: Member): Promise<string | undefined> {
  const { vault } = context.world;
  const { record, selected } = candidate;
  if (vault === undefined || record === undefined || selected.secretName === undefined || context.settings.dryRun)
    return undefined;
  const wanted = wholeSeconds(member.pat.validTo);
  if (record.expiresOn !== undefined && record.expiresOn >= wanted) return undefined;
  try {
    await vault.setExpiry(selected.secretName, record.id, wanted);
    return `The expiry of secret "${selected.secretName}" follows.`;
  } catch (error) {
    context.warn(
      `"${member.pat.displayName}" (${selected.family.organization}): the expiry of its secret "${selected.secretName}" could ` +
        `not be moved along: ${sentenceOf(error)} The value works; the next run tries again.`,
    );
    return undefined;
  }
}

function expired(context: RunContext, selected: SelectedFamily, member: Member, hasRecord: boolean): PatEntry {
  // Beside the PAT that consumers are given, expired ones are history.
  if (hasRecord) return listed(member.pat);
  const message = selected.directory.activeNames.has(selected.family.name)
    ? 'Expired, and an expired PAT cannot be extended; another PAT of this name is active. Revoke this one if nobody needs it.'
    : 'Expired, and an expired PAT cannot be extended. Mode advanced with includeExpired replaces it.';
  context.warn(
    `"${member.pat.displayName}" (${selected.family.organization}, ended ${toIsoSeconds(member.pat.validTo)}): ${message}`,
  );
  return { ...listed(member.pat), action: 'skip', outcome: 'skipped', message };
}

function failed(member: Member, message: string): PatEntry {
  return { ...listed(member.pat), action: 'extend', outcome: 'failed', message };
}
