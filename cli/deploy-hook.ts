import { spawn } from 'node:child_process';
import { toIso } from '../src/renewal/instant.ts';
import { plainText } from '../src/report/plain-text.ts';
import type { PatEntry, RunReport } from '../src/report/run-report.ts';
import type { Delivery } from '../src/world.ts';
import { variableOf } from './options.ts';
import type { Process } from './process.ts';
import type { Screen } from './screen.ts';

/** A hook that hangs must not keep the run for ever. */
const longest = 5 * 60_000;
const outputShown = 10_000;

/**
 * Runs a person's own command once for each PAT whose value stands at its place, one after the other. What it does or
 * fails to do changes nothing of the run: the value is delivered, and the old one works until its grace period is over.
 */
export class DeployHook {
  readonly #command: string;
  readonly #process: Process;
  readonly #screen: Screen;
  readonly #ran = new Set<string>();
  #queue = Promise.resolve();
  #failures = 0;

  constructor(command: string, process: Process, screen: Screen) {
    this.#command = command;
    this.#process = process;
    this.#screen = screen;
  }

  /** Also while the run is being stopped: no later run delivers this value again. */
  readonly delivered = (delivery: Delivery): void => {
    if (this.#ran.has(delivery.authorizationId)) return;
    this.#ran.add(delivery.authorizationId);
    this.#queue = this.#queue.then(() => this.#run(delivery));
  };

  /** Waits until each has run, those of the report too that nobody has told of. @returns how many failed */
  async ended(report: RunReport): Promise<number> {
    for (const delivery of deliveriesOf(report)) this.delivered(delivery);
    await this.#queue;
    return this.#failures;
  }

  async #run(delivery: Delivery): Promise<void> {
    const { displayName, places } = delivery;
    const { how, output } = await runInShell(this.#command, environmentOf(delivery, this.#process));
    const name = `"${plainText(displayName, 60)}"`;
    if (how === 'done') {
      this.#screen.aside(`Deploy hook for ${name}: done.${output === '' ? '' : `\n${output}`}`);
      return;
    }
    this.#failures++;
    if (output !== '') this.#screen.note(output);
    this.#screen.warning(
      `The deploy hook for ${name} ${how}. The new value is in ${places.join(', ')} all the same; run by hand what the hook should ` +
        'have done, before the old value is revoked.',
    );
  }
}

/** New values where they stand now: of PATs that were made, or copied from one place to another. */
function deliveriesOf({ organizations }: RunReport): readonly Delivery[] {
  return organizations.flatMap(({ organization, pats }) =>
    pats.flatMap((entry) => {
      const { displayName, validTo, previousValidTo } = entry;
      const places = placesReached(entry);
      const authorizationId = entry.action === 'copy' ? entry.authorizationId : entry.newAuthorizationId;
      if (places.length === 0 || authorizationId === undefined) return [];
      return { organization, displayName, authorizationId, places, validTo, previousValidTo };
    }),
  );
}

function placesReached({ action, outcome, destination, destinations }: PatEntry): readonly string[] {
  if (action !== 'replace' && action !== 'copy') return [];
  // One place may have it though another has not.
  if (destinations !== undefined) return destinations.filter((one) => one.outcome === 'done').map(({ place }) => place);
  return outcome === 'done' && destination !== undefined ? [destination] : [];
}

/** Never the value, and not the password that the run itself was given. Names are untrusted. */
function environmentOf(delivery: Delivery, { environment, platform }: Process): NodeJS.ProcessEnv {
  const { displayName, organization, places, validTo, previousValidTo } = delivery;
  // cmd.exe puts a variable's text into the line before it reads the line.
  const harmless = (text: string) =>
    platform === 'win32' ? plainText(text).replace(/[&|<>^%"!()]/g, '_') : plainText(text);
  const { [variableOf('password')]: _password, ...inherited } = environment;
  return {
    ...inherited,
    RENEWED_PAT: harmless(displayName),
    RENEWED_ORGANIZATION: harmless(organization),
    RENEWED_PLACE: places.map(harmless).join('\n'),
    RENEWED_ENDS: toIso(validTo),
    RENEWED_OLD_ENDS: previousValidTo === undefined ? '' : toIso(previousValidTo),
  };
}

interface Ended {
  /** `done`, or what became of it as the end of a sentence. */
  readonly how: string;
  readonly output: string;
}

function runInShell(command: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const isWindows = process.platform === 'win32';
  // A group of its own: Ctrl-C on the terminal is for this command, and not for what the hook does.
  const child = spawn(command, {
    env,
    shell: true,
    detached: !isWindows,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-outputShown);
    });
  }
  return new Promise((resolve) => {
    const end = (how: string) => {
      clearTimeout(limit);
      resolve({ how, output: output.trim() });
    };
    const limit = setTimeout(() => {
      if (!isWindows && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill();
      end('was ended after 5 minutes');
    }, longest);
    child.on('error', () => end('could not be started'));
    // Not 'close': what it leaves running in the background may keep the pipes.
    child.on('exit', (code, signal) =>
      setImmediate(() => end(code === 0 ? 'done' : `ended with ${code ?? signal ?? 'no code'}`)),
    );
  });
}
