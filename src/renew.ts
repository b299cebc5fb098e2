import { neverBegun, type PatEntry, type RunReport } from './report/run-report.ts';
import { accountOf, run } from './run.ts';
import { SecretMask } from './secrecy/secret-mask.ts';
import { ServiceError } from './services/service-error.ts';
import type { Settings } from './settings/settings.ts';
import { connect, type Surroundings } from './sign-in/connect.ts';

/**
 * The whole of it: signs in, runs, and tells what came of it. A sign-in that fails is told as well, as a report without
 * PATs; anything thrown is a fault of the program.
 */
export async function renew(settings: Settings, given: Surroundings): Promise<RunReport> {
  const mask = new SecretMask();
  const registerSecret = (value: string) => {
    mask.add(value);
    given.registerSecret(value);
  };
  return withoutSecrets(await renewAndTell(settings, { ...given, registerSecret }), mask);
}

async function renewAndTell(settings: Settings, surroundings: Surroundings): Promise<RunReport> {
  const began = surroundings.now();
  const connected = await connect(settings, surroundings).catch((error: unknown) => {
    if (error instanceof ServiceError) return error;
    throw error;
  });
  if (connected instanceof ServiceError) {
    const { mode, dryRun } = settings;
    const asked = { mode, dryRun, account: accountOf(settings) };
    const report = neverBegun(`${connected.message} Nothing was changed.`, surroundings.now(), asked);
    return { ...report, startedAt: began };
  }
  const report = await run(settings, connected.world);
  return { ...report, warnings: [...connected.warnings, ...report.warnings] };
}

/** I8: a text of a service's own may repeat what it was sent. */
function withoutSecrets(report: RunReport, mask: SecretMask): RunReport {
  const { failure } = report;
  return {
    ...report,
    warnings: report.warnings.map((warning) => mask.hide(warning)),
    notices: report.notices.map((notice) => mask.hide(notice)),
    unreachable: report.unreachable.map((one) => ({ ...one, message: mask.hide(one.message) })),
    organizations: report.organizations.map((organization) => ({
      ...organization,
      pats: organization.pats.map((entry) => withoutSecretsIn(entry, mask)),
    })),
    ...(failure === undefined ? {} : { failure: mask.hide(failure) }),
  };
}

function withoutSecretsIn(entry: PatEntry, mask: SecretMask): PatEntry {
  const { message, cause, destinations } = entry;
  return {
    ...entry,
    ...(message === undefined ? {} : { message: mask.hide(message) }),
    // The service's own code is in it, and the tab's attachment has it.
    ...(cause === undefined ? {} : { cause: mask.hide(cause) }),
    ...(destinations === undefined
      ? {}
      : {
          destinations: destinations.map((one) =>
            one.message === undefined ? one : { ...one, message: mask.hide(one.message) },
          ),
        }),
  };
}
