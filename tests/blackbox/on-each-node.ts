import { basename } from 'node:path';
import { type Company, type Situation, situation } from './situation.ts';

/** Starts a situation for one test; it ends with the test. */
export type Given = (company?: Company) => Promise<Situation>;

/**
 * What is seen of the packaged task as a process of its own, because it is about that: a start costs a third of a second of
 * processor time. Everything else runs the same program within the tests' own process; but a run whose job is about the
 * process is one everywhere (`ofTheProcess` in situation.ts), such as one that is cancelled.
 */
const processes: Readonly<Record<string, string>> = {
  'each-mode.test.ts': 'each mode once as it is shipped, on both versions of Node.js',
  'handed-over.test.ts': 'the step is started again, and its reader goes away',
  'hostile-text.test.ts': 'what the agent takes for a command, of all that the process prints',
  'leaks.test.ts': 'what stands in the output before and after masking, of the task library too',
  'managed-identity.test.ts': 'MSAL finds the machine’s service in the process’s environment',
  'network.test.ts': 'proxy and certificates, as the agent hands them over',
};

/** An agent brings its own Node.js: these are the two that the task declares. */
const onEachNode: ReadonlySet<string> = new Set(['each-mode.test.ts']);

/** RENEWPATS_PACKAGED: everything runs the package, for a look at what is to be shipped. It takes five times as long. */
export const isAllPackaged = (process.env.RENEWPATS_PACKAGED ?? '') !== '';

/** Tests of the task as an agent runs it. Where RENEWPATS_NODE24 names its path, some also run on that Node.js. */
export function describePackagedTask(title: string, tests: (given: Given) => void): void {
  describe(title, function () {
    const file = basename(this.file ?? '');
    if (processes[file] === undefined && !isAllPackaged) return withSituations(undefined, tests);
    if (!onEachNode.has(file)) return withSituations(process.execPath, tests);
    describe(`on Node ${process.versions.node.split('.')[0]}`, () => withSituations(process.execPath, tests));
    const node24 = process.env.RENEWPATS_NODE24 ?? '';
    describe('on Node 24', () => {
      if (node24 === '') it('is skipped: set RENEWPATS_NODE24 to the path of that Node.js');
      else withSituations(node24, tests);
    });
  });
}

function withSituations(nodePath: string | undefined, tests: (given: Given) => void): void {
  const open = new Set<Situation>();
  afterEach(async () => {
    for (const one of open) await one.close();
    open.clear();
  });
  tests(async (company = {}) => {
    const started = await situation(company, nodePath);
    open.add(started);
    return started;
  });
}
