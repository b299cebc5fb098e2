import { reconcile } from './modes/advanced.ts';
import { type Directory, readDirectory } from './modes/directory.ts';
import { listFamilies } from './modes/report.ts';
import type { FamilyResult, RunContext } from './modes/run-context.ts';
import { type SelectedFamily, selectFamilies } from './modes/selection.ts';
import { extendAll } from './modes/simple.ts';
import { StorageGate } from './modes/storage-gate.ts';
import { inPool } from './pool.ts';
import { activeMembers, type Member } from './renewal/family.ts';
import { toIsoSeconds } from './renewal/instant.ts';
import { globalPatsEnd } from './renewal/pat.ts';
import { earliestEnd } from './renewal/plan.ts';
import type { RunReport } from './report/run-report.ts';
import { ServiceError } from './services/service-error.ts';
import type { Settings } from './settings/settings.ts';
import type { World } from './world.ts';

/**
 * One run: observe, decide, carry out; tells what came of it. What fails for one PAT or one organization is part of
 * the report; anything thrown is a fault of the program.
 */
export async function run(settings: Settings, world: World): Promise<RunReport> {
  const began = world.elapsed();
  const warnings = new Set<string>(settings.doubts);
  const currents: Member[] = [];
  const context: RunContext = {
    settings,
    world,
    warn: (sentence) => warnings.add(sentence),
    noteCurrent: (member) => currents.push(member),
    storage: new StorageGate(settings.concurrency),
  };
  const readings = await inPool(settings.organizations, settings.concurrency, (name) => readOne(world, name));
  const directories = readings.flatMap((reading) => (reading.kind === 'read' ? [reading.directory] : []));
  const unreachable = readings.flatMap((reading) => (reading.kind === 'unreachable' ? [reading] : []));

  const selected = selectFamilies(directories, settings);
  for (const warning of selected.warnings) context.warn(warning);
  const results = await handle(context, selected.families);
  warnOfGlobals(context, selected.families);

  const finishedAt = world.organization(settings.organizations[0] ?? '').pats.now();
  return {
    mode: settings.mode,
    dryRun: settings.dryRun,
    startedAt: finishedAt - (world.elapsed() - began),
    finishedAt,
    organizations: directories.map((directory) => ({
      organization: directory.organization.name,
      pats: results.filter((result) => result.selected.directory === directory).flatMap((result) => result.entries),
      leftOut: selected.leftOut.get(directory) ?? [],
    })),
    warnings: [...warnings],
    unreachable: unreachable.map(({ organization, message }) => ({ organization, message })),
    nextExpiry: earliestEnd(currents),
  };
}

type Reading =
  | { readonly kind: 'read'; readonly directory: Directory }
  | { readonly kind: 'unreachable'; readonly organization: string; readonly message: string };

async function readOne(world: World, name: string): Promise<Reading> {
  try {
    if (world.isStopping()) {
      return { kind: 'unreachable', organization: name, message: 'the job was cancelled before its turn.' };
    }
    return { kind: 'read', directory: await readDirectory(world.organization(name)) };
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
      return listFamilies(context, families);
    default:
      return reconcile(context, families);
  }
}

function warnOfGlobals(context: RunContext, families: readonly SelectedFamily[]): void {
  const told = new Set<string>();
  for (const { family } of families) {
    for (const { pat } of activeMembers(family)) {
      if (!pat.isGlobal || told.has(pat.authorizationId)) continue;
      told.add(pat.authorizationId);
      context.warn(
        `"${pat.displayName}" (${pat.authorizationId}) is valid in all organizations. Microsoft retires such PATs: it stops ` +
          `working on ${toIsoSeconds(globalPatsEnd)}, or at its own end before that, and this task never revokes it. Replace it by one PAT for each organization.`,
      );
    }
  }
}
