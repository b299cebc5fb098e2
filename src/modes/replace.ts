import { judgeProof, type LifecycleWord, newcomers, type Proof } from '../renewal/creation.ts';
import { judgeGranted } from '../renewal/extend.ts';
import { memberOf } from '../renewal/family.ts';
import { day, type Instant, toIsoSeconds } from '../renewal/instant.ts';
import { withNewMarker } from '../renewal/marker.ts';
import { scopeSet } from '../renewal/pat.ts';
import type { CreatedPat } from '../services/pat-api.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import { deliveryDeadline, intoPlaces } from './deliver.ts';
import { named } from './entries.ts';
import { handOver } from './hand-over.ts';
import { tellOfNarrower } from './narrower.ts';
import { asBefore, causeIn, notDelivered, type Replacement, type ReplacementOrder, undo } from './replacement.ts';
import type { RunContext } from './run-context.ts';

/** Create, prove, deliver: the part of the protocol that makes a new current PAT. */
export async function replacePat(context: RunContext, order: ReplacementOrder): Promise<Replacement> {
  const [source] = order.item.seen;
  if (source === undefined) return makeSuccessor(context, order);
  const { place, sight } = source;
  const passage = await context.storage.enter({
    store: place.store,
    check: sight.checkWritable,
    isAskedFirst: order.isPlaceAskedFirst,
    phrase: place.phrase,
  });
  if (passage.kind === 'closed') return notDelivered(order, passage.why, 'the store takes nothing');
  let made: Replacement | undefined;
  try {
    made = await makeSuccessor(context, order);
    return made;
  } finally {
    passage.leave(made?.kind === 'not delivered' ? made.trouble : undefined);
  }
}

async function makeSuccessor(context: RunContext, order: ReplacementOrder): Promise<Replacement> {
  if (context.world.isStopping()) {
    return notDelivered(
      order,
      'The job was cancelled before its turn: nothing was made, and its PAT stays as it is. The next run renews it.',
      'cancelled',
    );
  }
  const { family, listing, destination } = order.item.selected;
  const isHandedOver = destination.kind === 'handed over';
  if (destination.kind !== 'none' && destination.variable !== undefined) {
    const { variable } = destination;
    if (context.world.variables.isReadOnly(variable)) {
      return notDelivered(
        order,
        `The variable ${variable} is read-only in this pipeline, so its new value could not be handed over. ${asBefore} Rename that ` +
          'variable, or the PAT.',
        'read-only variable',
      );
    }
  }
  const { pats } = listing.organization;
  const startedAt = pats.now();
  const asked = startedAt + context.settings.policy.lifetimeDays * day;
  const checkTime = deliveryDeadline(context, order);
  let created: CreatedPat;
  try {
    created = await pats.create({
      displayName: isHandedOver ? withNewMarker(family.name) : family.name,
      scope: family.scope,
      validTo: asked,
      allOrgs: context.settings.policy.allOrgs === 'true',
    });
  } catch (error) {
    return notDelivered(order, await afterFailedCreation(order, error, startedAt), causeIn(error));
  }
  // Before anything else happens to the value: make it unreadable in the log.
  context.world.registerSecret(created.token);

  const bad = await proveNew(order, created);
  if (bad !== undefined) {
    const undone = await undo(order, created);
    return notDelivered(order, `Its new PAT was not delivered, because ${bad.replace(/\.$/, '')}. ${undone}`, 'bad');
  }
  tellOfDates(context, order, created, asked);
  return isHandedOver
    ? await handOver(context, order, created, destination.variable, checkTime)
    : await intoPlaces(context, order, created, checkTime);
}

/** I9: a creation whose answer is lost is not repeated; it is looked for, told of, and left alone. */
async function afterFailedCreation(order: ReplacementOrder, error: unknown, startedAt: Instant): Promise<string> {
  const said = sentenceOf(error);
  if (!(error instanceof ServiceError) || error.outcome !== 'unknown') return `${said} No PAT was made. ${asBefore}`;

  const old = 'Its PAT in use was not touched, and nothing was stored.';
  const { family, listing } = order.item.selected;
  const next = 'The next runs renew it, and revoke what was made for nothing once it is old enough.';
  try {
    const now = await listing.organization.pats.list('active');
    const found = newcomers(family, now, (id) => listing.byId.has(id), startedAt);
    const what =
      found.length === 0
        ? 'No new PAT of that name is listed.'
        : `A PAT of that name has appeared (${found.map((pat) => pat.authorizationId).join(', ')}), made by this run ` +
          'or by another one; its value is not known here, so nothing was revoked.';
    return `${said} Whether its new PAT was made is not certain. ${what} ${old} ${next}`;
  } catch {
    return `${said} Whether its new PAT was made is not certain, and the list could not be read again. ${old} ${next}`;
  }
}

/** Why the new PAT is not to be delivered; undefined if it works, or the lifecycle API says that it is active. */
async function proveNew({ item }: ReplacementOrder, created: CreatedPat): Promise<string | undefined> {
  const { organization } = item.selected.listing;
  const proof: Proof = await organization.prove(created.token).catch(() => ({ kind: 'nothing shown' }) as const);
  let said = '';
  const word: LifecycleWord =
    proof.kind === 'nothing shown'
      ? await organization.pats.get(created.pat.authorizationId).then(
          (pat) => {
            if (pat === undefined) return 'unknown to it';
            return memberOf(pat, organization.pats.now()).state === 'active' ? 'active' : 'not active';
          },
          (error: unknown) => {
            said = sentenceOf(error);
            return 'no answer';
          },
        )
      : 'no answer';
  switch (judgeProof(proof, word)) {
    case 'deliver':
      return undefined;
    case 'bad':
      return proof.kind === 'bad' ? proof.why : 'it does not work';
    case 'not active':
      return 'Azure DevOps says it is not active';
    case 'unknown':
      return 'Azure DevOps does not know it (any more)';
    case 'nobody says':
      return `nobody could say whether it works: ${said}`;
  }
}

function tellOfDates(context: RunContext, order: ReplacementOrder, created: CreatedPat, asked: Instant): void {
  const { selected, family } = order.item;
  const { policy } = context.settings;
  const granted = created.pat.validTo;
  const who = named(selected);
  if (judgeGranted({ previous: order.previous.pat.validFrom, asked, granted }) !== 'as asked') {
    const days = Math.max(0, Math.floor((granted - created.pat.validFrom) / day));
    const { renewBeforeDays } = policy;
    const isDueAtOnce = renewBeforeDays !== undefined && days <= renewBeforeDays;
    const what = `asked for an end on ${toIsoSeconds(asked)}, granted was ${toIsoSeconds(granted)} (${days} days)`;
    const advice = isDueAtOnce
      ? `A policy of the tenant limits how long a PAT may live: with renewBeforeDays ${renewBeforeDays} each run would make another one. ` +
        `Set renewBeforeDays to less than ${days}.`
      : 'A policy of the tenant limits how long a PAT may live: set lifetimeDays to fit it, and run often enough.';
    context.warn({
      cause: `granted ${isDueAtOnce}`,
      about: who,
      sentence: `${who}: ${what}. ${advice}`,
      ofSeveral: (whom) => `${whom}: ${what}, or nearly so. ${advice}`,
      rank: isDueAtOnce ? 0 : 2,
    });
  }
  if (order.previous.pat.isShared && !created.pat.isShared) tellOfNarrower(context, who, family.organization);
  if (scopeSet(created.pat.scope) !== scopeSet(family.scope)) {
    context.warn(
      `${who}: the new PAT came back with the scopes "${created.pat.scope}", asked for were "${family.scope}". The record at its ` +
        'place says which one is in use.',
    );
  }
}
