import assert from 'node:assert/strict';
import { contoso, type Desk, openDesk } from './desk.ts';
import { examples } from './pages.ts';
import type { PipelineRun } from './run-pipeline.ts';

const isNew = 'Build feed (Renew PATs: new)';
const owner = 'svc-pats@contoso.com';

/** Results of the steps that had their turn, by the first word of what they do. */
const results = ({ steps }: PipelineRun) =>
  Object.fromEntries(steps.map(({ title, result }) => [/[A-Z]\w+/.exec(title)?.[0] ?? title, result]));

for (const where of ['examples/output-variables.yml', 'examples/output-variables-stages.yml']) {
  describe(`Values that ${where} hands over`, () => {
    const content = examples().find((example) => example.where === where)?.content;
    let desk: Desk;

    beforeEach(async () => {
      const pats = [{ displayName: 'Build feed', owner, validTo: '2026-12-10T00:00:00Z' }];
      desk = await openDesk(contoso({ contoso: { pats } }));
    });

    afterEach(() => desk.close());

    const made = () => [...desk.world.pats.all()];
    const activeNames = () =>
      made()
        .filter((pat) => desk.world.pats.status(pat) === 'active')
        .map(({ displayName }) => displayName.replace(/after .*Z/, 'after …'));
    /** What consumers read works. */
    const holdsAnActivePat = () => {
      const pat = made().find(({ value }) => value === desk.stored());
      assert.ok(pat && desk.world.pats.status(pat) === 'active', 'what is stored works');
      return pat;
    };

    it('are stored and confirmed; the old PAT goes once its grace is over, in a run with nothing to store', async () => {
      const first = await desk.run(content);
      assert.deepEqual([results(first).Store, results(first).Confirm], ['Succeeded', 'Succeeded']);
      assert.equal(holdsAnActivePat().displayName, 'Build feed');
      assert.deepEqual(activeNames().sort(), ['Build feed', 'Build feed (Renew PATs: revoke after …)']);

      desk.world.advance({ hours: 7 * 24 });
      const second = await desk.run(content);
      assert.notEqual(results(second).Store, 'Succeeded');
      assert.equal(holdsAnActivePat().displayName, 'Build feed');
      assert.deepEqual(activeNames(), ['Build feed']);
    });

    it('are not confirmed if they could not be stored; nothing is superseded, and the next run makes another', async () => {
      desk.setGitHub('refuses');
      const first = await desk.run(content);
      assert.equal(results(first).Store, 'Failed');
      assert.notEqual(results(first).Confirm, 'Succeeded');
      assert.ok(Object.values(first.results).includes('Failed'), 'the run is red');
      assert.deepEqual(activeNames().sort(), ['Build feed', isNew]);

      desk.setGitHub('takes');
      desk.world.advance({ hours: 7 * 24 });
      const second = await desk.run(content);
      assert.equal(results(second).Store, 'Succeeded');
      assert.match(results(second).Confirm ?? '', /^Succeeded/);
      assert.equal(holdsAnActivePat(), made().at(-1));
      desk.world.advance({ hours: 7 * 24 });
      await desk.run(content);
      assert.deepEqual(activeNames(), ['Build feed']);
      holdsAnActivePat();
    });

    it('are stored and confirmed though another PAT was refused', async () => {
      const pats = [
        { displayName: 'Build feed', owner, validTo: '2026-12-10T00:00:00Z' },
        ...['vso.code', 'vso.build'].map((scope) => ({ displayName: 'Two scopes', owner, scope })),
      ];
      await desk.close();
      desk = await openDesk(contoso({ contoso: { pats } }));
      const every = JSON.parse(JSON.stringify(content).replaceAll('"pats":"Build feed"', '"pats":"*"'));
      const run = await desk.run(every);
      assert.deepEqual([results(run).Replace, results(run).Store], ['Failed', 'Succeeded']);
      assert.equal(holdsAnActivePat().displayName, 'Build feed');
    });
  });
}
