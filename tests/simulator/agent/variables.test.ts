import assert from 'node:assert/strict';
import { environmentName, Variables } from '../../../simulator/agent/variables.ts';

describe("a job's variables", () => {
  it('ignore the case of their names', () => {
    const variables = new Variables();
    variables.set('System.Debug', 'true');

    assert.equal(variables.get('SYSTEM.debug')?.value, 'true');
  });

  it('stay secret and read-only once they were', () => {
    const variables = new Variables();
    variables.set('password', 'old', { isSecret: true, isReadOnly: true });
    variables.set('PASSWORD', 'new');

    assert.deepEqual(variables.get('password'), {
      name: 'PASSWORD',
      value: 'new',
      isSecret: true,
      isReadOnly: true,
    });
  });

  const expansions = [
    { name: 'a known variable', text: 'to $(who)!', expanded: 'to me!' },
    { name: 'any case', text: '$(WHO)', expanded: 'me' },
    { name: 'an unknown variable stays', text: '$(nobody)', expanded: '$(nobody)' },
    { name: 'nothing between the brackets', text: '$()', expanded: '$()' },
    { name: 'no closing bracket', text: '$(who', expanded: '$(who' },
    { name: 'a value that looks like a variable is not read again', text: '$(macro) $(who)', expanded: '$(who) me' },
    { name: 'a variable inside an unknown one', text: '$($(who))', expanded: '$(me)' },
  ];
  for (const { name, text, expanded } of expansions) {
    it(`expand: ${name}`, () => {
      const variables = new Variables();
      variables.set('who', 'me');
      variables.set('macro', '$(who)');
      assert.equal(variables.expand(text), expanded);
    });
  }

  it('may hold each other, and hand their secrecy on', () => {
    const variables = new Variables();
    variables.set('greeting', 'hello $(name)');
    variables.set('name', '$(first) Smith');
    variables.set('first', 'Ann', { isSecret: true });
    variables.expandEachOther();

    assert.equal(variables.get('greeting')?.value, 'hello Ann Smith');
    assert.equal(variables.get('greeting')?.isSecret, true);
  });

  it('hold each other at any depth, also where they were set later', () => {
    const variables = new Variables();
    variables.set('a', '$(b)');
    variables.expandEachOther();
    variables.set('b', '$(c)');
    variables.set('c', 'end');
    assert.equal(variables.get('b')?.value, '$(c)', 'not before the next step');
    variables.expandEachOther();

    assert.equal(variables.get('a')?.value, 'end');
  });

  it('so a secret value with the name of a variable in it arrives changed', () => {
    const variables = new Variables();
    variables.set('sa_password', 'pa$(owner)ss', { isSecret: true });
    variables.set('owner', 'build');
    variables.expandEachOther();

    assert.equal(variables.get('sa_password')?.value, 'pabuildss');
  });

  it('tell each value that is secret, as it was set and as it is read', () => {
    const hidden: string[] = [];
    const variables = new Variables((secret) => hidden.push(secret));
    variables.set('name', 'Ann');
    variables.set('key', 'of $(name)', { isSecret: true });
    variables.expandEachOther();

    assert.deepEqual(hidden, ['of $(name)', 'of Ann']);
  });

  it('stay as they were written if they hold each other in a circle, with a warning', () => {
    const variables = new Variables();
    variables.set('a', '$(b)');
    variables.set('b', '$(A)');
    const [warning] = variables.expandEachOther();

    assert.equal(warning, "Unable to expand variable 'a'. A cyclical reference was detected.");
    assert.equal(variables.get('a')?.value, '$(b)');
  });

  it('are named in capitals in the environment', () => {
    assert.equal(environmentName('Build.My Variable-1'), 'BUILD_MY_VARIABLE-1');
  });
});
