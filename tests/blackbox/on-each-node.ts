import { type Company, type Situation, situation } from './situation.ts';

/** Starts a situation for one test; it ends with the test. */
export type Given = (company?: Company) => Promise<Situation>;

/**
 * Tests of the packaged task, on the Node.js that runs them, and on another one where RENEWPATS_NODE24 names its path.
 * An agent brings its own Node.js: these are the two that the task declares.
 */
export function describePackagedTask(title: string, tests: (given: Given) => void): void {
  describeOn(`${title} (Node ${process.versions.node.split('.')[0]})`, process.execPath, tests);
  const node24 = process.env.RENEWPATS_NODE24;
  if (node24 === undefined || node24 === '') {
    describe(`${title} (Node 24)`, () => {
      it('is skipped: set RENEWPATS_NODE24 to the path of that Node.js');
    });
  } else {
    describeOn(`${title} (Node 24)`, node24, tests);
  }
}

function describeOn(title: string, nodePath: string, tests: (given: Given) => void): void {
  describe(title, () => {
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
  });
}
