import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import type { PatSpec } from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays } from './situation.ts';

const advanced = { mode: 'advanced' };
const inUse: PatSpec = { displayName: 'Build feed', validTo: inDays(40) };
const isNew = 'Build feed (Renew PATs: new)';

describePackagedTask('A value that is handed over', (given) => {
  it('is not made again by a second attempt of the step: it is carried along', async () => {
    const here = await given({ pats: [inUse, { displayName: 'Deploy', validTo: inDays(40) }] });
    here.faults.use({
      decide: ({ operation, body }) =>
        operation === 'pats.create' && body.includes('Deploy')
          ? { kind: 'answer', answer: json(200, { patToken: null, patTokenError: 'accessDenied' }) }
          : { kind: 'pass' },
    });
    const run = await here.run(advanced, { retryCountOnTaskFailure: 2 });
    assert.deepEqual([run.result, run.raw.attempts.length], ['Failed', 3]);
    assert.deepEqual(here.activeNames(), ['Build feed', isNew, 'Deploy']);
    const [made] = here.named(isNew);
    assert.equal(run.outputs.PAT_BUILD_FEED, made?.value);
    assert.equal(run.raw.variables.get('RenewPats.HandedOver')?.value, made?.authorizationId);
    assert.equal(run.raw.variables.get('RenewPats.HandedOver')?.isSecret, false);
  });

  for (const [when, line] of [
    ['before it has read the value', /setsecret/],
    ['after that', /variable=PAT_BUILD_FEED/],
  ] as const) {
    it(`is nobody’s if the agent goes ${when}: nothing is superseded, whatever revokeAfterHours says`, async () => {
      const here = await given({ pats: [inUse] });
      const old = here.active('Build feed');
      const { raw } = await here.run({ ...advanced, revokeAfterHours: '0' }, { readerGoesAwayAfter: line });
      assert.equal(raw.result, 'Abandoned');
      assert.equal(here.active('Build feed').authorizationId, old.authorizationId);
    });
  }

  it('needs a variable that can be set: one that is read-only is refused before a PAT is made', async () => {
    const here = await given({ pats: [inUse] });
    const run = await here.run(advanced, {
      readOnlyVariables: true,
      variables: { PAT_BUILD_FEED: { value: 'of the pipeline', readOnly: true } },
    });
    assert.deepEqual([run.result, run.written], ['Failed', []]);
    assert.match(run.line('Build feed').message ?? '', /PAT_BUILD_FEED.*read-only/);
  });

  it('is lost where the step’s target does not let it set the variable, and the confirming step keeps the old PAT', async () => {
    const here = await given({ pats: [inUse] });
    const old = here.active('Build feed');
    const run = await here.run(advanced, { target: { settableVariables: ['renewedCount'] } });
    assert.equal(run.outputs.PAT_BUILD_FEED, undefined);
    assert.equal(run.raw.variables.get('RenewPats.HandedOver'), undefined);
    here.world.advance({ hours: 72 });
    await here.run({ mode: 'revoke' });
    assert.ok(here.isActive(old));
  });
});
