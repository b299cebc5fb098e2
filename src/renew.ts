import { connect, type Surroundings } from './connect.ts';
import type { RunReport } from './report/run-report.ts';
import { run } from './run.ts';
import { ServiceError } from './services/service-error.ts';
import type { Settings } from './settings.ts';

/**
 * The whole of it: signs in, runs, and tells what came of it. A sign-in that fails is told as well, as a report without
 * PATs; anything thrown is a fault of the program.
 */
export async function renew(settings: Settings, surroundings: Surroundings): Promise<RunReport> {
  const began = surroundings.now();
  const connected = await connect(settings, surroundings).catch((error: unknown) => {
    if (error instanceof ServiceError) return error;
    throw error;
  });
  if (connected instanceof ServiceError) {
    const { mode, dryRun } = settings;
    const nothing = { organizations: [], warnings: [], unreachable: [], nextExpiry: undefined };
    const failure = `${connected.message} Nothing was changed.`;
    return { mode, dryRun, startedAt: began, finishedAt: surroundings.now(), ...nothing, failure };
  }
  const report = await run(settings, connected.world);
  return { ...report, warnings: [...connected.warnings, ...report.warnings] };
}
