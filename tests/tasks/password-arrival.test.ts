import assert from 'node:assert/strict';
import { mayHaveChanged, openPassword, variablesOf } from '../../tasks/RenewPats/password-arrival.ts';

const password = 'S3cret-prod-word';
const arrived = (environment: NodeJS.ProcessEnv, secrets: Readonly<Record<string, string>> = {}) =>
  variablesOf(environment, new Map(Object.entries(secrets)));
const open = (variables: Readonly<Record<string, string>>) => ({
  VSTS_PUBLIC_VARIABLES: JSON.stringify(Object.keys(variables)),
  ...Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name.replaceAll('.', '_').toUpperCase(), value]),
  ),
});

describe('A password', () => {
  it('of a secret variable is warned of by nothing', () => {
    assert.deepEqual(openPassword(password, arrived({}, { SECRET_SA_PASSWORD: password })), []);
  });

  it('that is put together from secret variables is warned of by nothing', () => {
    const variables = arrived({}, { SECRET_FIRST: 'S3cret-prod', SECRET_SECOND: 'word' });
    assert.deepEqual(openPassword(password, variables), []);
  });

  for (const environment of [{ SA_PASSWORD: password }, open({ 'my.password': password })]) {
    it(`of a variable that is not secret is warned of, with what to click: ${Object.keys(environment).at(-1)}`, () => {
      const [warning = '', ...others] = openPassword(password, arrived(environment));
      assert.deepEqual(others, []);
      assert.match(warning, /^The variable (?:sa_password|my\.password) holds .* is not secret.*Click the padlock/);
      assert.ok(!warning.includes(password));
    });
  }

  it('that stands in the pipeline itself is warned of, also beside a secret of another value', () => {
    const [warning = ''] = openPassword(password, arrived({}, { SECRET_SA_PASSWORD: 'another one', SECRET_A: '-' }));
    assert.match(warning, /^The service account’s password is no secret variable’s value.*Library.*padlock/);
    assert.ok(!warning.includes(password));
  });

  it('that holds the value of a variable may have arrived changed, and which one is not told', () => {
    for (const variables of [arrived(open({ stage: 'prod' })), arrived({}, { SECRET_STAGE: 'prod' })]) {
      const [doubt = ''] = mayHaveChanged(password, variables);
      assert.match(doubt, /may have arrived changed.*\$\(…\)/);
      assert.doesNotMatch(doubt, /stage|prod/);
    }
  });

  it('is not doubted for what stands in it by chance, or is it as a whole', () => {
    const variables = arrived(open({ one: 'S3', two: '' }), { SECRET_SA_PASSWORD: password });
    assert.deepEqual(mayHaveChanged(password, variables), []);
  });

  it('is not looked for in a list of variables that is none', () => {
    for (const VSTS_PUBLIC_VARIABLES of ['no json', '{}', '[1]']) {
      assert.deepEqual([...variablesOf({ VSTS_PUBLIC_VARIABLES }, new Map()).open], []);
    }
  });
});
