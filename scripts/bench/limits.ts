import type { Simulator } from '../../simulator/index.ts';
import { devOpsLimit, hastened, limitRequests, type RateLimit, vaultLimit } from '../../simulator/rate-limiter.ts';
import { inCompany, vaultName } from './cloud.ts';
import { interleaved } from './interleaved.ts';
import type { Programs } from './programs.ts';
import { runProgram } from './run-program.ts';
import { type Section, seconds, target, times } from './section.ts';

interface Limited {
  readonly name: string;
  readonly host: string;
  readonly limit: RateLimit;
  readonly pats: number;
  readonly inputs: Readonly<Record<string, string>>;
  /** What a run uses up. */
  readonly units: number;
}

const cases: readonly Limited[] = [
  {
    name: 'Azure DevOps: 1,000 PATs in simple',
    host: 'dev.azure.com',
    // 200 units in three seconds in place of 300.
    limit: hastened(devOpsLimit, 100),
    pats: 1000,
    inputs: { mode: 'simple' },
    units: 1000 + 11 * devOpsLimit.costOf('pats.list'),
  },
  {
    name: 'Key Vault: 500 PATs in advanced',
    host: 'vault.azure.net',
    limit: { ...vaultLimit, units: vaultLimit.units / 10 },
    pats: 500,
    inputs: { mode: 'advanced', keyVault: vaultName },
    units: 1 + 2 * 500,
  },
];

export async function benchLimits(programs: Programs, rounds: number): Promise<Section> {
  const rows: string[][] = [];
  for (const { name, host, limit, pats, inputs, units } of cases) {
    let mostRefused = 0;
    const run = (isLimited: boolean) => () =>
      inCompany({ pats }, async (simulator) => {
        if (isLimited) simulator.faults.use(limitRequests(limit, (request) => request.host.endsWith(host)));
        const measured = await runProgram({ arguments: [programs.task], simulator, inputs });
        mostRefused = Math.max(mostRefused, refusals(simulator));
        return measured;
      });
    const { limited, unlimited } = await interleaved(rounds, { limited: run(true), unlimited: run(false) });
    const allowed = allowedTime(limit, units, unlimited.wallMs);
    const ratio = limited.wallMs / allowed;
    rows.push([
      name,
      seconds(unlimited.wallMs),
      seconds(limited.wallMs),
      seconds(allowed),
      times(ratio),
      String(mostRefused),
      target(ratio, 1.2),
    ]);
  }
  return {
    title: 'Kind to the service',
    text:
      'Simulated limits (`simulator/rate-limiter.ts`). Azure DevOps’ with its time a hundredth: 200 units in a sliding 3 s, where a ' +
      'change costs one unit and a read a fifth (what a call really costs is not published); first delays, then 429 with ' +
      '`Retry-After`. Key Vault’s is a tenth of the published 4,000 in ten seconds, which eight workers would not reach; its 429 ' +
      'does not say when to come again. No PAT failed in any run. That nobody comes back too early is held by ' +
      '`tests/performance/pace.test.ts`, in virtual time and with the real figures.',
    head: ['limit', 'without it', 'with it', 'the limit allows', 'ratio', 'most 429s in a run', 'target'],
    rows,
  };
}

/**
 * How long a limit makes so many units last, if each request comes at the first instant at which it may: the windows that
 * have to pass, and what the requests of the last one take without a limit.
 */
function allowedTime({ units, windowMs, longestDelayMs }: RateLimit, used: number, unlimitedMs: number): number {
  const windows = Math.floor((used - 1) / units);
  return windows * windowMs - longestDelayMs + unlimitedMs * ((used - windows * units) / used);
}

function refusals({ requests }: Simulator): number {
  return requests.filter(({ status }) => status === 429).length;
}
