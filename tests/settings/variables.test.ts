import assert from 'node:assert/strict';
import type { InputName } from '../../src/settings/inputs.ts';
import { problemsOf, settingsOf, variables } from './pipeline.ts';

const missing = (input: InputName, variable: string) =>
  `Input ${input}: it reads "$(${variable})", so the pipeline has no variable ${variable}. Define it (a secret one too is ` +
  'seen only if its variable group is linked to this pipeline), or give the input a value.';

const without = (name: string) => Object.fromEntries(Object.entries(variables).filter(([key]) => key !== name));

describe('an input that still reads $(name)', () => {
  const byDefault: readonly { input: InputName; variable: string }[] = [
    { input: 'organization', variable: 'System.CollectionUri' },
    { input: 'tenantId', variable: 'tenantid' },
    { input: 'username', variable: 'sa_username' },
    { input: 'password', variable: 'sa_password' },
  ];
  for (const { input, variable } of byDefault) {
    it(`names the variable that the pipeline has not: ${variable}, the default of ${input}`, () => {
      assert.deepEqual(problemsOf({}, { variables: without(variable) }), [missing(input, variable)]);
      assert.deepEqual(problemsOf({ [input]: `$(${variable})` }, { variables: without(variable) }), [
        missing(input, variable),
      ]);
    });

    it(`counts an empty variable as missing: ${variable}`, () => {
      const given = { ...variables, [variable]: '' };
      assert.deepEqual(problemsOf({}, { variables: given }), [missing(input, variable)]);
    });
  }

  const inputs: readonly InputName[] = [
    'mode',
    'signIn',
    'clientId',
    'lifetimeDays',
    'renewBeforeDays',
    'revokeAfterHours',
    'pats',
    'allOrgs',
    'includeExpired',
    'keyVault',
    'setOutputVariables',
    'secretName',
    'azureSubscription',
    'variableGroup',
    'takeOver',
    'warnDays',
    'failDays',
    'dryRun',
    'concurrency',
    'authorityHost',
  ];
  for (const name of inputs) {
    it(`names the variable in any input: ${name}`, () => {
      const inUse = { mode: 'advanced', keyVault: 'contoso-vault', azureSubscription: 'azure' };
      assert.ok(problemsOf({ ...inUse, [name]: '$(my.variable)' }).includes(missing(name, 'my.variable')));
    });
  }

  it('names the variable of a password that is called as the pages say, with a hyphen too', () => {
    assert.deepEqual(problemsOf({ password: '$(sa-password)' }), [missing('password', 'sa-password')]);
  });

  for (const inner of ['S3cret!word', 'hunter2', 'correct horse', 'my_password']) {
    it(`does not show what a password of that form reads, which may be the password itself: $(${inner})`, () => {
      const [problem = '', ...others] = problemsOf({ password: `$(${inner})` });
      assert.deepEqual(others, []);
      assert.match(problem, /^Input password: it has the form \$\(…\), .* the pipeline has no variable of that name\./);
      assert.ok(!problem.includes(inner));
    });
  }

  it('names the variable within a longer text too', () => {
    assert.deepEqual(problemsOf({ organization: 'contoso, $(other)' }), [missing('organization', 'other')]);
    assert.deepEqual(problemsOf({ keyVault: 'vault-$(stage)' }), [missing('keyVault', 'stage')]);
  });

  it('names each variable of one input', () => {
    assert.deepEqual(problemsOf({ organization: '$(first), $(second),$(first)' }), [
      missing('organization', 'first'),
      missing('organization', 'second'),
    ]);
  });

  it('names all of them at once, in the order of the inputs', () => {
    assert.deepEqual(problemsOf({}, { variables: {} }), [
      missing('tenantId', 'tenantid'),
      missing('username', 'sa_username'),
      missing('password', 'sa_password'),
      missing('organization', 'System.CollectionUri'),
    ]);
  });

  it('may be a line of pats, which is then no pattern', () => {
    assert.deepEqual(problemsOf({ pats: 'Build*\n! $(left_out)' }), [missing('pats', 'left_out')]);
  });

  it('may be either side of a rule that names a secret', () => {
    assert.deepEqual(problemsOf({ pats: '$(feed) => feed\n# $(no_rule)\nDeploy => $(secret)\n$(last)' }), [
      missing('pats', 'feed'),
      missing('pats', 'secret'),
      missing('pats', 'last'),
    ]);
  });

  it('may be a part of a rule', () => {
    assert.deepEqual(problemsOf({ pats: 'Build $(x) feed\n  # $(no_rule)' }), [missing('pats', 'x')]);
  });

  const template = (inner: string) => `\${{ ${inner} }}`;
  const expressions: readonly { name: InputName; given: string; expression: string }[] = [
    {
      name: 'handedOver',
      given: '$[dependencies.a.outputs["x.y"]]',
      expression: '$[dependencies.a.outputs[\\"x.y\\"]',
    },
    { name: 'keyVault', given: '$[variables.vault]', expression: '$[variables.vault]' },
    { name: 'organization', given: `contoso, ${template('other')}`, expression: template('other') },
    { name: 'pats', given: `# $[no] rule\n${template('parameters.pats')}`, expression: template('parameters.pats') },
  ];
  for (const { name, given, expression } of expressions) {
    it(`is told from an expression that nobody evaluated: ${given}`, () => {
      assert.deepEqual(problemsOf({ mode: 'revoke', [name]: given }), [
        `Input ${name}: it reads "${expression}", an expression that nobody evaluated: $[…] works in variables and conditions ` +
          'only, a template expression in YAML only. Put it into a variable, and give that as $(name).',
      ]);
    });
  }

  it('is part of a password, as an expression is, too: $[…]', () => {
    assert.deepEqual(problemsOf({ password: `a$[b]${template('c')}` }), []);
  });

  it('is part of a password where it stands inside one', () => {
    const { signIn } = settingsOf({ password: 'a$(b)c' });
    assert.equal(signIn.kind === 'password' && signIn.password, 'a$(b)c');
  });
});

describe('the organization that runs the pipeline', () => {
  it('is known by its older name where System.CollectionUri is not defined', () => {
    const given = {
      ...without('System.CollectionUri'),
      'System.TeamFoundationCollectionUri': 'https://contoso.visualstudio.com/',
    };
    assert.deepEqual(settingsOf({}, { variables: given }).organizations, ['contoso']);
    assert.deepEqual(settingsOf({ organization: '$(System.CollectionUri)' }, { variables: given }).organizations, [
      'contoso',
    ]);
  });
});
