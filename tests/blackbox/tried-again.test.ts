import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, type Situation } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
/** As the agent writes it: the pipeline has started when the story starts. */
const variables = { 'System.PipelineStartTime': '2026-11-23 04:00:00+00:00' };
const pats = ['Build feed', 'Deploy', 'Ailing'].map((displayName) => ({ displayName, validTo: inDays(40) }));

function refuseAiling({ faults }: Situation): () => void {
  return faults.use({
    decide: ({ operation, body }) =>
      operation === 'pats.create' && body.includes('"Ailing')
        ? { kind: 'answer', answer: json(200, { patToken: null, patTokenError: 'accessDenied' }) }
        : { kind: 'pass' },
  });
}

describePackagedTask('A step that is tried again', (given) => {
  it('does not replace again what an earlier attempt has replaced, and says so', async () => {
    const here = await given({ pats });
    refuseAiling(here);
    const run = await here.run(advanced, { variables, retryCountOnTaskFailure: 3 });
    const { result, raw, outputs } = run;
    assert.deepEqual([result, raw.attempts.length], ['Failed', 4]);
    for (const name of ['Build feed', 'Deploy']) {
      assert.equal(here.named(name).length, 2, 'one is made, however often the step is tried');
      assert.equal(here.newest(name.replace(' ', '-')).value, here.named(name)[1]?.value);
      const kept = run.pats.find(({ displayName, action }) => displayName === name && action === 'skip');
      assert.match(kept?.message ?? '', /An earlier attempt of this pipeline’s run has replaced it/);
    }
    assert.deepEqual([outputs.renewedCount, outputs.skippedCount, outputs.failedCount], ['0', '2', '1']);
  });

  it('or a job that is run again hours later, in the same pipeline’s run', async () => {
    const here = await given({ pats });
    const heal = refuseAiling(here);
    await here.run(advanced, { variables });
    heal();
    here.world.advance({ hours: 5 });
    const again = await here.run(advanced, { variables });
    assert.deepEqual([again.result, again.outputs.renewedCount, again.outputs.skippedCount], ['Succeeded', '1', '2']);
    const next = { 'System.PipelineStartTime': '2026-11-23 10:00:00+00:00' };
    here.world.advance({ hours: 2 });
    assert.equal((await here.run(advanced, { variables: next })).outputs.renewedCount, '3', 'another run renews');
  });

  it('still renews what is due for another reason: a value that somebody has put on top since', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    await here.run(advanced, { variables });
    const { world, named } = here;
    const [old] = named('Build feed');
    assert.ok(old);
    world.vaults.setSecret('contoso-vault.vault.azure.net', old.accountId, 'Build-feed', { value: old.value });
    assert.equal((await here.run(advanced, { variables })).outputs.renewedCount, '1');
  });

  it('sends a password that was refused once, in all attempts together', async () => {
    const here = await given({ pats });
    const job = {
      variables: { sa_password: { value: 'not the password', secret: true } as const },
      retryCountOnTaskFailure: 3,
    };
    const { result, operations, raw, errors } = await here.run({}, job);
    assert.deepEqual([result, raw.attempts.length, operations['entra.token.password']], ['Failed', 4, 1]);
    assert.ok(errors.length >= 4);
    for (const error of errors) assert.match(error, /AADSTS50126|earlier attempt/);
  });
});
