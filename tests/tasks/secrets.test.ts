import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseLoggingCommand } from '../../simulator/agent/logging-command.ts';
import { SecretMasker } from '../../simulator/agent/secret-masker.ts';
import { secretForms } from '../../src/secrecy/secret-forms.ts';
import { registerSecret, type TakenSecrets, takeSecrets } from '../../tasks/RenewPats/secrets.ts';
import { written } from './written.ts';

/** What is taken out of such an environment, what stays in it, and what the agent is told to mask. */
function take(environment: NodeJS.ProcessEnv) {
  let taken: TakenSecrets = new Map();
  const lines = written(() => {
    taken = takeSecrets(environment);
  });
  return { taken, left: environment, lines };
}

const masks = (...values: readonly string[]) =>
  values
    .flatMap(secretForms)
    .map((form) => `##vso[task.setsecret]${form.replaceAll(/%(?=3B|0A|0D|5D|AZP25)/g, '%AZP25')}`);

describe('the secrets that the agent hands over', () => {
  it('are taken out of the environment, by their names in upper case; the rest stays', () => {
    const { taken, left } = take({
      INPUT_PASSWORD: 'taken-1',
      SECRET_SA_PASSWORD: 'taken-2',
      ENDPOINT_AUTH_PARAMETER_azure_serviceprincipalkey: 'taken-3',
      ENDPOINT_AUTH_SCHEME_azure: 'ServicePrincipal',
      AGENT_PROXYPASSWORD: 'taken-4',
      AGENT_CLIENTCERTPASSWORD: 'taken-5',
      INPUT_USERNAME: 'svc-pats@contoso.com',
      AGENT_PROXYURL: 'http://proxy:3128',
      PATH: '/usr/bin',
    });

    assert.deepEqual(left, {
      INPUT_USERNAME: 'svc-pats@contoso.com',
      AGENT_PROXYURL: 'http://proxy:3128',
      PATH: '/usr/bin',
    });
    assert.deepEqual(
      taken,
      new Map([
        ['INPUT_PASSWORD', 'taken-1'],
        ['SECRET_SA_PASSWORD', 'taken-2'],
        ['ENDPOINT_AUTH_PARAMETER_AZURE_SERVICEPRINCIPALKEY', 'taken-3'],
        ['ENDPOINT_AUTH_SCHEME_AZURE', 'ServicePrincipal'],
        ['AGENT_PROXYPASSWORD', 'taken-4'],
        ['AGENT_CLIENTCERTPASSWORD', 'taken-5'],
      ]),
    );
  });

  it('are found whatever the case of their names: an environment may keep it', () => {
    const { taken, left } = take({ input_password: 'lower-case', Secret_X: 'mixed-case' });
    assert.deepEqual([...taken.keys()], ['INPUT_PASSWORD', 'SECRET_X']);
    assert.deepEqual(left, {});
  });

  const masked: readonly { name: string; given: Record<string, string>; expected: readonly string[] }[] = [
    { name: 'the password', given: { INPUT_PASSWORD: 'a password %' }, expected: masks('a password %') },
    { name: 'any secret variable', given: { SECRET_TENANTID: 'a secret tenant' }, expected: masks('a secret tenant') },
    {
      name: 'the proxy’s password',
      given: { AGENT_PROXYPASSWORD: 'a proxy password' },
      expected: masks('a proxy password'),
    },
    {
      name: 'a connection’s secret parameter',
      given: { ENDPOINT_AUTH_PARAMETER_AZURE_SERVICEPRINCIPALKEY: 'a key' },
      expected: masks('a key'),
    },
    {
      name: 'the secret parameters within a connection, and not its public ones',
      given: {
        ENDPOINT_AUTH_AZURE: JSON.stringify({
          scheme: 'ServicePrincipal',
          parameters: { serviceprincipalid: 'public id', tenantid: 'public tenant', serviceprincipalkey: 'inner key' },
        }),
      },
      expected: masks('inner key'),
    },
    {
      name: 'a connection that is not readable, as a whole',
      given: { ENDPOINT_AUTH_AZURE: 'no json' },
      expected: masks('no json'),
    },
    {
      name: 'a key of several lines',
      given: { SECRET_PEM: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nQ==\n-----END PRIVATE KEY-----\n' },
      expected: masks('-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nQ==\n-----END PRIVATE KEY-----\n'),
    },
    {
      name: 'a password that only looks like a variable',
      given: { INPUT_PASSWORD: '$(Looks-Like-One)' },
      expected: masks('$(Looks-Like-One)'),
    },
  ];
  for (const { name, given, expected } of masked) {
    it(`are masked: ${name}`, () => assert.deepEqual(take(given).lines, expected));
  }

  const unmasked: readonly { name: string; given: Record<string, string> }[] = [
    { name: 'the default, where the pipeline has no such variable', given: { INPUT_PASSWORD: '$(sa_password)' } },
    { name: 'what holds JSON together', given: { SECRET_JSON: '{\n  "": [\n  ]\n}', SECRET_LIST: '[\n]' } },
    { name: 'nothing', given: { INPUT_PASSWORD: '', SECRET_X: ' ' } },
    { name: 'a connection’s scheme', given: { ENDPOINT_AUTH_SCHEME_AZURE: 'WorkloadIdentityFederation' } },
    {
      name: 'a connection’s tenant and client id',
      given: {
        ENDPOINT_AUTH_PARAMETER_AZURE_TENANTID: 'some tenant',
        ENDPOINT_AUTH_PARAMETER_AZURE_SERVICEPRINCIPALID: 'some client',
      },
    },
    { name: 'an empty connection', given: { ENDPOINT_AUTH_AZURE: '{}' } },
    { name: 'a connection without anything', given: { ENDPOINT_AUTH_AZURE: 'null' } },
  ];
  for (const { name, given } of unmasked) {
    it(`are not masked, or messages would lose what they need: ${name}`, () => assert.deepEqual(take(given).lines, []));
  }
});

/** What the agent's escapes, or a URL, make of a secret. */
const awkward = fc
  .array(fc.constantFrom('%', '%3B', '%0A', '%0D', '%5D', '%AZP25', ';', ']', '3B', ' ', 'abcd', '%25'), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

describe('a registered secret', () => {
  it('is told to the agent once', () => {
    assert.equal(written(() => registerSecret('told once')).length, secretForms('told once').length);
    assert.deepEqual(
      written(() => registerSecret('told once')),
      [],
    );
  });

  it('is told in all its forms, one command a line, and the log of the commands themselves shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), awkward, (before, after) => {
        const secret = `${before}${after}`;
        const masker = new SecretMasker();
        const lines = written(() => registerSecret(secret));
        const told = lines.map((line) => {
          const command = parseLoggingCommand(line);
          assert.deepEqual([command?.area, command?.event, command?.properties.size], ['task', 'setsecret', 0], line);
          return command?.data ?? '';
        });
        for (const value of told) {
          assert.ok(secretForms(secret).includes(value), 'the agent reads whole forms, as they are');
          masker.add(value);
        }
        // With System.Debug the agent repeats a command as it has read it.
        for (const value of told) assert.match(masker.mask(value), /^(?:\*\*\*)+$/);
      }),
    );
  });

  it('is told as it is, and escaped only where the agent would read an escape in it', () => {
    const lines = written(() => registerSecret('semi;colon]bracket'));
    assert.ok(lines.includes('##vso[task.setsecret]semi;colon]bracket'));
    assert.ok(lines.includes('##vso[task.setsecret]semi%AZP253Bcolon%AZP255Dbracket'));
  });

  it('of several lines leaves the logs of later steps as they are', () => {
    const masker = new SecretMasker();
    const json = '{\n  "key": "hunter2hunter2",\n  "list": [\n    ]\n}\n';
    for (const line of written(() => registerSecret(json))) masker.add(parseLoggingCommand(line)?.data ?? '');
    for (const text of ['##vso[task.complete]', '{ "a": [] }', 'a%20%20%7B', '  },', 'npm install']) {
      assert.equal(masker.mask(text), text);
    }
    for (const text of ['"key": "hunter2hunter2",', encodeURIComponent(json), Buffer.from(json).toString('base64')]) {
      assert.match(masker.mask(text), /^\*\*\*$/);
    }
  });
});
