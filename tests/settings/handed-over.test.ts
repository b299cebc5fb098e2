import assert from 'node:assert/strict';
import { problemsOf, settingsOf, variables } from './pipeline.ts';

const first = '11111111-2222-3333-4444-555555555555';
const second = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

describe('what has been handed over', () => {
  const job = (ids: string) => ({ variables: { ...variables, 'RenewPats.HandedOver': ids } });

  it('is what the job’s variable names', () => {
    assert.deepEqual(settingsOf({ mode: 'revoke' }, job(`${first},${second}`)).handedOver, [first, second]);
    assert.deepEqual(settingsOf({ mode: 'revoke', handedOver: '$(RenewPats.HandedOver)' }, job(first)).handedOver, [
      first,
    ]);
  });

  for (const handedOver of ['', ' ', '$(RenewPats.HandedOver)', '$(renewpats.handedover)']) {
    it(`is nothing where the job has no such variable: ${JSON.stringify(handedOver)}`, () => {
      assert.deepEqual(settingsOf({ mode: 'revoke', handedOver }).handedOver, []);
      assert.deepEqual(settingsOf({ mode: 'revoke', handedOver }, job('')).handedOver, []);
    });
  }

  it('is each id once, separated by commas, semicolons, blanks or lines', () => {
    const handedOver = ` ${first.toUpperCase()};${second}\n${first} `;
    assert.deepEqual(settingsOf({ mode: 'revoke', handedOver }).handedOver, [first, second]);
  });

  it('is refused where it is something else', () => {
    assert.deepEqual(problemsOf({ mode: 'revoke', handedOver: `${first}, Build feed` }), [
      `Input handedOver: "${first}, Build feed" is not a list of PATs’ ids (authorizationId), separated by commas.`,
    ]);
  });

  it('names the variable that was to be mapped from another job, and is not there', () => {
    assert.match(problemsOf({ mode: 'revoke', handedOver: '$(handedOver)' }).join(), /no variable handedOver/);
  });

  it('is not read where every value has a place, and in modes that confirm nothing', () => {
    for (const inputs of [
      { mode: 'revoke', keyVault: 'kv1' },
      { mode: 'revoke', variableGroup: 'P/G' },
      { mode: 'simple' },
      { mode: 'report' },
    ]) {
      assert.deepEqual(settingsOf({ ...inputs, handedOver: 'x' }, job(first)).handedOver, []);
    }
  });

  it('is in mode advanced what an earlier attempt of the step has left in the job, whatever the input says', () => {
    assert.deepEqual(settingsOf({ mode: 'advanced', handedOver: 'x' }, job(`${first},x`)).handedOver, [first]);
    assert.deepEqual(settingsOf({ mode: 'advanced' }).handedOver, []);
  });
});

describe('the start of the pipeline', () => {
  const startOf = (text: string) =>
    settingsOf({}, { variables: { ...variables, 'System.PipelineStartTime': text } }).pipelineStart;

  for (const given of ['2026-11-25 04:00:00+00:00', '2026-11-25T04:00:00Z', '2026-11-25 05:00:00+01:00']) {
    it(`is an instant: ${given}`, () => assert.equal(startOf(given), Date.parse('2026-11-25T04:00:00Z')));
  }

  it('is not known without the variable, nor by a text that names no zone or no time', () => {
    assert.equal(settingsOf({}).pipelineStart, undefined);
    for (const given of ['', '2026-11-25 04:00:00', '11/25/2026 04:00:00 +00:00', '2026-13-45 04:00:00Z', 'soon']) {
      assert.equal(startOf(given), undefined);
    }
  });
});
