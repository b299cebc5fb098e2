import { plainText } from '../src/report/plain-text.ts';
import { createHttp, type RequestTrace } from '../src/services/http.ts';
import { createNetwork, type Network } from '../src/services/network.ts';
import { networkProblems } from '../src/services/network-problems.ts';
import { sleepUnless } from '../src/services/sleep.ts';
import { InputProblems } from '../src/settings/input-reading.ts';
import type { Settings } from '../src/settings/settings.ts';
import type { Surroundings } from '../src/sign-in/connect.ts';
import { noRefusedSignIns } from '../src/sign-in/refused-sign-ins.ts';
import { networkFromEnvironment } from './network-from-environment.ts';
import type { Command, Process } from './process.ts';
import type { Screen } from './screen.ts';
import { Waits } from './waits.ts';

/** @throws InputProblems if the proxy or the certificate file is none */
export function surroundingsOf(
  process: Process,
  asked: Command,
  screen: Screen,
  { concurrency }: Pick<Settings, 'concurrency'>,
): Surroundings {
  const { stopping } = process;
  const waits = new Waits(screen, asked.own.has('verbose'));
  const sleep = sleepUnless(stopping);
  const elapsed = () => performance.now();
  const isStopping = () => stopping.aborted;
  registerEnvironment(process, screen);
  const trace = (request: RequestTrace) => {
    const { method, host, path, result, milliseconds } = request;
    waits.heard(request);
    if (asked.own.has('verbose')) {
      screen.note(plainText(`${method} ${host}${path} -> ${result} (${milliseconds} ms)`), 'dim');
    }
  };
  return {
    send: createHttp({
      network: networkOf(process, asked),
      concurrency,
      // Azure DevOps asks for a pause with a good answer too.
      sleep: waits.telling(sleep, 'a service asks for a pause'),
      now: elapsed,
      stopping,
      trace,
    }),
    pauses: { sleep: waits.telling(sleep), random: Math.random, isStopping },
    // Not Date.now: a clock that is set during the run would move the services' time with it.
    now: () => Math.floor(performance.timeOrigin + performance.now()),
    elapsed,
    wall: Date.now,
    isStopping,
    refusedSignIns: noRefusedSignIns,
    passwordDoubts: () => [],
    registerSecret: (value) => screen.registerSecret(value),
    progress: (done, total) => screen.progress(done, total),
    variables: {
      set: () => Promise.reject(new Error('A command has no output variables.')),
      handOver: () => Promise.reject(new Error('A command has no later steps.')),
      isReadOnly: () => false,
    },
  };
}

/** @throws InputProblems */
function networkOf(process: Process, asked: Command): Network {
  const settings = networkFromEnvironment(process.environment, asked.own.get('ca-file'));
  const problems = networkProblems(settings, {
    proxy: 'Check the variable HTTPS_PROXY.',
    authorities: 'Check --ca-file.',
    clientCertificate: '',
  });
  if (problems.length > 0) throw new InputProblems(problems);
  return createNetwork(settings);
}

/** Secrets that the environment brings: the proxy's password, and an application's. */
function registerEnvironment({ environment }: Process, screen: Screen): void {
  for (const name of ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']) {
    const password = /\/\/[^/@]*?:([^/@]+)@/.exec(environment[name] ?? '')?.[1];
    if (password !== undefined) screen.registerSecret(decoded(password));
  }
  if (environment.AZURE_CLIENT_SECRET) screen.registerSecret(environment.AZURE_CLIENT_SECRET);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
