import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import { azureConnections, connectionName } from './azure-connections.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays } from './situation.ts';

const pats = [{ displayName: 'Build feed' }];
const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };

describePackagedTask('Inputs as people paste them', (given) => {
  for (const organization of [
    'https://renew@dev.azure.com/contoso/Tools/_git/scripts',
    'https://dev.azure.com/contoso/Tools/_build?definitionId=7',
    'contoso.visualstudio.com/DefaultCollection',
    'https://contoso.visualstudio.com/Tools/_git/scripts',
    'HTTPS://DEV.AZURE.COM/contoso/',
  ]) {
    it(`the organization out of ${organization}`, async () => {
      const { run } = await given({ pats });
      const { result, outputs } = await run({ organization });
      assert.deepEqual([result, outputs.renewedCount], ['Succeeded', '1']);
    });
  }

  for (const keyVault of ['https://contoso-vault.vault.azure.net/', 'contoso-vault.vault.azure.net', 'Contoso-Vault']) {
    it(`the vault out of ${keyVault}`, async () => {
      const here = await given({ pats });
      assert.equal((await here.run({ ...advanced, keyVault })).result, 'Succeeded');
      assert.equal(here.newest('Build-feed').value, here.named('Build feed')[1]?.value);
    });
  }

  it('the address of a vault’s private endpoint: no certificate has it, so the vault’s own name is asked for', async () => {
    const { run } = await given({ pats });
    const keyVault = 'https://contoso-vault.privatelink.vaultcore.azure.net';
    const { result, errors, requests } = await run({ ...advanced, keyVault });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /Input keyVault.*private endpoint.*give its name, "contoso-vault"/);
  });

  it('a template for secret names with a placeholder that there is not, refused with those that there are', async () => {
    const { run } = await given({ pats });
    const { result, errors, requests } = await run({ ...advanced, secretName: '{org}-{name}' });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /Input secretName.*\{org\}.*\{name\}.*\{pat\}.*\{organization\}/s);
  });

  it('two PATs of one organization that lead to one secret are not advised to use {organization}', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Build/feed' }] });
    const { errors } = await run(advanced);
    assert.match(errors.join('\n'), /lead to the same place, secret contoso-vault\/Build-feed\. Name a place for one/);
    assert.doesNotMatch(errors.join('\n'), /\{organization\}/);
  });

  for (const [what, displayName, unseen] of [
    ['a blank at its end', 'Build feed ', /a blank at its end/],
    ['a zero-width space in it', 'Build\u200B feed', /U\+200B/],
    ['a no-break space in it', 'Build\u00A0feed', /U\+00A0/],
  ] as const) {
    it(`a rule that misses a PAT whose name has ${what}: the warning names what nobody sees`, async () => {
      const { run } = await given({ pats: [{ displayName }] });
      const { result, warnings, written } = await run({ pats: 'Build feed' });
      assert.deepEqual([result, written], ['SucceededWithIssues', []]);
      assert.match(warnings.join('\n'), unseen);
    });
  }

  it('a variable that the pipeline does not have, in any input: the error names the variable', async () => {
    const { run } = await given({ pats });
    const { result, errors, requests } = await run({ ...advanced, keyVault: '$(vault-name)', pats: '$(rules)' });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(errors.join('\n'), /vault-name/);
    assert.match(errors.join('\n'), /rules/);
  });

  it('an http address where a password or a value would go in the open, refused', async () => {
    const { run } = await given({ pats });
    for (const inputs of [
      { authorityHost: 'http://login.microsoftonline.com' },
      { ...advanced, keyVault: 'http://contoso-vault.vault.azure.net' },
    ]) {
      const { result, requests, errors } = await run(inputs);
      assert.deepEqual([result, requests.length], ['Failed', 0]);
      assert.match(errors.join('\n'), /https/);
    }
  });
});

describePackagedTask('The job’s token', (given) => {
  it('goes to Azure DevOps alone: an address that a variable of the pipeline makes up is refused, and nothing is sent', async () => {
    const federation = (await azureConnections()).find(({ title }) => /federation/.test(title));
    assert.ok(federation);
    for (const address of [
      'https://evil.example/oidc',
      'https://dev.azure.com.evil.example/',
      'http://dev.azure.com/contoso',
    ]) {
      const here = await given({ pats, ...federation.company });
      const job = federation.job(here.world);
      const { result, errors, requests } = await here.run(
        { ...advanced, azureSubscription: connectionName },
        { ...job, variables: { 'System.OidcRequestUri': address } },
      );
      assert.deepEqual([result, requests.length], ['Failed', 0], address);
      assert.match(errors.join('\n'), /System\.OidcRequestUri.*the job’s token is not sent/s);
      assert.equal(here.simulator.traffic('evil.example').connects, 0);
    }
  });
});

describePackagedTask('Words of Key Vault', (given) => {
  for (const [what, status, error, says] of [
    [
      'Azure Policy refuses the value',
      403,
      {
        code: 'Forbidden',
        message: 'Operation is not allowed by policy "short-lived".',
        innererror: { code: 'ForbiddenByPolicy' },
      },
      /[Pp]olicy.*ForbiddenByPolicy/,
    ],
    [
      'an access policy lacks the right',
      403,
      {
        code: 'Forbidden',
        message: 'The user does not have secrets set permission',
        innererror: { code: 'AccessDenied' },
      },
      /set.*AccessDenied/,
    ],
    [
      'the name is a deleted secret’s, told by the message alone',
      409,
      {
        code: 'Conflict',
        message: 'Secret Build-feed is currently in a deleted but recoverable state, and its name cannot be reused',
      },
      /Recover the secret or purge it/,
    ],
  ] as const) {
    it(`when ${what}: what to do, the place, and the code; the new PAT is revoked again`, async () => {
      const here = await given({ pats });
      here.faults.always('vault.setSecret', { kind: 'answer', answer: json(status, { error }) });
      const { result, line } = await here.run(advanced);
      assert.equal(result, 'Failed');
      assert.match(line('Build feed').message ?? '', says);
      assert.match(line('Build feed').message ?? '', /contoso-vault\/Build-feed.*revoked again/);
      assert.deepEqual(here.activeNames(), ['Build feed']);
    });
  }

  it('when the value in the secret is not to be read before a date: says that date, and covers nothing', async () => {
    const here = await given({
      pats,
      secrets: { 'Build-feed': { value: { pat: 'Build feed' }, notBefore: inDays(3) } },
      settings: { secretBeforeItsDate: 'refused' },
    });
    const { result, errors, written } = await here.run(advanced);
    assert.deepEqual([result, written], ['Failed', []]);
    assert.match(errors.join('\n'), /contoso-vault\/Build-feed/);
  });
});
