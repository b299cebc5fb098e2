import { reconcileAll } from './modes/advanced.ts';
import { type Listing, readListing } from './modes/listing.ts';
import { reportAll } from './modes/report.ts';
import { revokeAll } from './modes/revoke.ts';
import type { FamilyResult, HandedOver, RunContext } from './modes/run-context.ts';
import { type SelectedFamily, selectFamilies } from './modes/selection.ts';
import { extendAll } from './modes/simple.ts';
import { StorageGate } from './modes/storage-gate.ts';
import { inPool } from './pool.ts';
import { activeMembers, type Member } from './renewal/family.ts';
import { day, type Instant, toIsoSeconds } from './renewal/instant.ts';
import { endOf, globalPatsEnd } from './renewal/pat.ts';
import { earliestEnd } from './renewal/plan.ts';
import type { RunReport } from './report/run-report.ts';
import { Tellings } from './report/tellings.ts';
import { ServiceError } from './services/service-error.ts';
import type { Settings } from './settings/settings.ts';
import type { World } from './world.ts';

/**
 * One run: observe, decide, carry out; tells what came of it. What fails for one PAT or one organization is part of
 * the report; anything thrown is a fault of the program.
 */
export async function run(settings: Settings, world: World): Promise<RunReport> {
  const began = world.elapsed();
  const warnings = new Tellings();
  const notices = new Tellings();
  for (const doubt of settings.doubts) notices.add(doubt);

  const readings = await inPool(settings.organizations, settings.concurrency, (name) => readOne(world, name, settings));
  const listings = readings.flatMap((reading) => (reading.kind === 'read' ? [reading.listing] : []));
  const unreachable = readings.flatMap((reading) => (reading.kind === 'unreachable' ? [reading] : []));
  const selected = selectFamilies(listings, settings, world);
  for (const warning of selected.warnings) warnings.add(warning);
  for (const notice of selected.notices) notices.add(notice);
  if (listings.length > 0 && listings.every(({ families }) => families.length === 0))
    warnings.add(noPats(settings, listings));

  const context: RunContext = {
    settings,
    world,
    warn: (telling) => warnings.add(telling),
    notice: (telling) => notices.add(telling),
    storage: new StorageGate(settings.concurrency),
    unseen: unreachable.map(({ organization }) => organization),
    leftOutAt: selected.leftOutAt,
    handedOver: handedOverIn(settings, world),
  };
  const isMeantOtherwise = selected.inputError !== undefined && unreachable.length === 0;
  const families = isMeantOtherwise ? [] : selected.families;
  const results = await handle(context, families);
  const currents = results.flatMap((result) => result.currents);
  warnOfShared(context, [...families.flatMap(({ family }) => activeMembers(family)), ...currents]);

  const finishedAt = world.organization(settings.organizations[0] ?? '').pats.now();
  return {
    mode: settings.mode,
    dryRun: settings.dryRun,
    account: accountOf(settings),
    startedAt: finishedAt - (world.elapsed() - began),
    finishedAt,
    organizations: listings.map((listing) => ({
      organization: listing.organization.name,
      pats: results.filter((result) => result.selected.listing === listing).flatMap((result) => result.entries),
      leftOut: selected.leftOut.get(listing) ?? [],
    })),
    warnings: warnings.sentences(),
    notices: notices.sentences(),
    unreachable: unreachable.map(({ organization, message }) => ({ organization, message })),
    nextExpiry: earliestEnd(currents),
    endingTooSoon: endingTooSoon(settings, currents, finishedAt),
    ...(isMeantOtherwise ? { failure: selected.inputError } : {}),
  };
}

/** The service account, as a person knows it; with a refresh token its secret is all that is known beforehand. */
export function accountOf({ signIn }: Settings): string {
  return signIn.kind === 'password' ? signIn.username : `of ${signIn.secret.vaultUrl}/secrets/${signIn.secret.name}`;
}

type Reading =
  | { readonly kind: 'read'; readonly listing: Listing }
  | { readonly kind: 'unreachable'; readonly organization: string; readonly message: string };

async function readOne(world: World, name: string, { handedOver }: Settings): Promise<Reading> {
  try {
    if (world.isStopping()) {
      return { kind: 'unreachable', organization: name, message: 'the job was cancelled before its turn.' };
    }
    return { kind: 'read', listing: await readListing(world.organization(name), handedOver) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: 'unreachable', organization: name, message: error.message };
  }
}

function handle(context: RunContext, families: readonly SelectedFamily[]): Promise<readonly FamilyResult[]> {
  switch (context.settings.mode) {
    case 'simple':
      return extendAll(context, families);
    case 'report':
      return reportAll(context, families);
    case 'revoke':
      return revokeAll(context, families);
    case 'advanced':
      return reconcileAll(context, families);
  }
}

/** What this job has handed over before is told again with each new one: the variable holds all of them. */
function handedOverIn(settings: Settings, world: World): HandedOver {
  const ids = new Set(settings.handedOver.map((id) => id.toLowerCase()));
  const before = new Set(ids);
  return {
    before,
    add: (authorizationId) => {
      ids.add(authorizationId.toLowerCase());
      return world.variables.handOver([...ids]);
    },
  };
}

function noPats(settings: Settings, listings: readonly Listing[]): string {
  const where = listings.map(({ organization }) => `"${organization.name}"`).join(', ');
  return (
    `The account ${accountOf(settings)} has no PAT in organization ${where}, so there is nothing to renew. Check that it is the account ` +
    'that owns the PATs: each account sees its own only.'
  );
}

/** The last line of defence: nobody reads warnings at night. */
function endingTooSoon({ failDays }: Settings, currents: readonly Member[], now: Instant): readonly string[] {
  if (failDays === undefined) return [];
  return [...new Map(currents.map((member) => [member.pat.authorizationId, member])).values()]
    .filter(({ pat }) => endOf(pat) - now <= failDays * day)
    .sort((a, b) => endOf(a.pat) - endOf(b.pat))
    .map(({ pat }) => `"${pat.displayName}" ends on ${toIsoSeconds(endOf(pat))}`);
}

/** @param members as they were, then as this run has left them: what it has narrowed is told of there, what it has made is here. */
function warnOfShared(context: RunContext, members: readonly Member[]): void {
  const latest = new Map(members.map(({ pat }) => [pat.authorizationId, pat]));
  for (const pat of latest.values()) {
    if (!pat.isShared) continue;
    const who = `"${pat.displayName}" (${pat.authorizationId})`;
    const until = `it stops working on ${toIsoSeconds(globalPatsEnd)}, or at its own end before that`;
    const stays =
      'This task never revokes it; a successor is valid in one organization only. Replace it by one PAT for each organization.';
    context.warn(
      pat.isGlobal
        ? {
            cause: 'global',
            about: who,
            sentence: `${who} is valid in all organizations. Microsoft retires such PATs: ${until}. ${stays}`,
            ofSeveral: (whom) =>
              `These are valid in all organizations, and Microsoft retires such PATs on ${toIsoSeconds(globalPatsEnd)}: ${whom}. ${stays}`,
            rank: 0,
          }
        : {
            cause: 'several organizations',
            about: who,
            sentence: `${who} is valid in several organizations. ${stays}`,
            ofSeveral: (whom) => `These are valid in several organizations: ${whom}. ${stays}`,
            rank: 1,
          },
    );
  }
}
