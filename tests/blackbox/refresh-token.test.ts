import assert from 'node:assert/strict';
import { AZURE_POWERSHELL, type SecretSpec } from '../../simulator/index.ts';
import { type AzureConnection, azureConnections, connectionName, withSecret } from './azure-connections.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, type Company, inDays, type Situation, start, vaultHost } from './situation.ts';

const secretUrl = `https://${vaultHost}/secrets/sign-in`;
const inputs = { signIn: 'refreshToken', refreshTokenSecret: secretUrl, azureSubscription: connectionName };
const days = (count: number) => count * 86_400_000;
const pats = [{ displayName: 'Build feed' }];

describePackagedTask('Sign-in with a refresh token', (given) => {
  /** A company in which a person signed in so many days ago. */
  const signedIn = async (
    options: { readonly daysAgo?: number; readonly secret?: Partial<SecretSpec>; readonly company?: Company } = {},
    connection: AzureConnection = withSecret,
  ) => {
    const { daysAgo = 7, secret, company } = options;
    const contentType = 'application/vnd.renew-pats.refresh-token';
    const placeholder = {
      value: 'planted below',
      created: inDays(-daysAgo),
      expires: inDays(90 - daysAgo),
      contentType,
    };
    const situation = await given({
      pats,
      secrets: { 'sign-in': { ...placeholder, tags: { owner: 'platform' }, ...secret } },
      vault: { access: { [connection.clientId]: ['get', 'list', 'set'] } },
      ...connection.company,
      ...company,
    });
    const { world } = situation;
    world.now = start - days(daysAgo);
    const { token } = world.entra.plantRefreshToken(account, AZURE_POWERSHELL);
    world.now = start;
    plant(situation, token);
    const job = connection.job(world);
    return { ...situation, token, job, renew: (more = {}) => situation.run({ ...inputs, ...more }, job) };
  };

  it('exchanges the stored token, stores the new one for 90 days, and only then looks at a PAT', async () => {
    const { renew, token, versions, world } = await signedIn();
    const { result, requests, outputs } = await renew();
    assert.equal(result, 'Succeeded');
    assert.equal(outputs.renewedCount, '1');
    const order = requests.map(({ operation }) => operation);
    const stored = order.indexOf('vault.setSecret');
    assert.ok(order.indexOf('entra.token.refreshToken') < stored);
    assert.ok(stored < order.findIndex((operation) => operation.startsWith('pats.')));
    const [before, after, ...others] = versions('sign-in');
    assert.ok(before && after && others.length === 0);
    assert.deepEqual([before.enabled, after.enabled], [false, true]);
    assert.notEqual(after.value, token);
    assert.ok([...world.entra.refreshTokens()].some((held) => held.token === after.value));
    assert.equal(after.expires, (start + days(90)) / 1000);
    assert.equal(after.contentType, 'application/vnd.renew-pats.refresh-token');
    assert.deepEqual(after.tags, { owner: 'platform', 'renewPats-username': account });
  });

  it('goes on for as long as runs come: each makes it 90 days again', async () => {
    const lasting = [{ displayName: 'Build feed', validTo: inDays(500) }];
    const { renew, world } = await signedIn({ company: { pats: lasting } });
    for (let week = 0; week < 5; week++) {
      world.advance({ days: 50 });
      assert.equal((await renew({ lifetimeDays: '90' })).result, 'Succeeded');
    }
  });

  it('finds the secret by its name in keyVault too', async () => {
    const { run, job } = await signedIn();
    const named = { ...inputs, refreshTokenSecret: 'sign-in', keyVault: 'contoso-vault' };
    assert.equal((await run(named, job)).result, 'Succeeded');
  });

  it('works through every kind of service connection that is not bound to a machine', async () => {
    for (const connection of await azureConnections()) {
      const { renew } = await signedIn({}, connection);
      const { result, outputs, errors } = await renew();
      assert.deepEqual([result, outputs.renewedCount, errors], ['Succeeded', '1', []], connection.title);
    }
  });

  it('writes nothing in a dry run and in mode report, and the old token stays valid', async () => {
    const { renew, versions } = await signedIn({
      company: { pats: [{ displayName: 'Build feed', validTo: inDays(20) }] },
    });
    for (const more of [{ dryRun: 'true' }, { mode: 'report' }]) {
      const { result, writes } = await renew(more);
      assert.deepEqual([result, writes.length], ['Succeeded', 0]);
    }
    assert.equal(versions('sign-in').length, 1);
    assert.equal((await renew()).result, 'Succeeded');
  });

  describe('stops before any PAT is touched', () => {
    const stopsWith = async (situation: Awaited<ReturnType<typeof signedIn>>, expected: RegExp) => {
      const { result, errors, requests } = await situation.renew();
      assert.equal(result, 'Failed');
      assert.match(errors.join('\n'), expected);
      assert.deepEqual(
        requests.filter(({ host }) => host === 'vssps.dev.azure.com' || host === 'dev.azure.com'),
        [],
      );
      return errors.join('\n');
    };
    const command =
      `renew-pats sign-in --tenant-id contoso.onmicrosoft.com --client-id ${AZURE_POWERSHELL} ` +
      `--refresh-token-secret ${secretUrl}`;

    it('when the new token cannot be stored; the old one still works', async () => {
      const situation = await signedIn({ company: { vault: { access: { [withSecret.clientId]: ['get'] } } } });
      const told = await stopsWith(
        situation,
        /The new refresh token could not be stored in secret "sign-in" \(vault "contoso-vault"\), so nothing was changed; the old one still works\./,
      );
      assert.match(told, /Grant the role Key Vault Secrets Officer .*\(ForbiddenByRbac\)/);
      assert.deepEqual(
        situation.versions('sign-in').map(({ value, enabled }) => [value, enabled]),
        [[situation.token, true]],
      );
    });

    it('when sessions were revoked, and names the account and the whole command', async () => {
      const situation = await signedIn({ secret: { tags: { 'renewPats-username': account } } });
      situation.world.entra.revokeSessions(account);
      const told = await stopsWith(
        situation,
        /The stored refresh token of account renew@contoso\.com of secret "sign-in" in vault "contoso-vault" is not valid any more\./,
      );
      assert.ok(told.includes(`Sign in once again with: ${command} (AADSTS50173, correlation id `), told);
    });

    it('when it was not used for 90 days', async () => {
      const told = await stopsWith(await signedIn({ daysAgo: 91 }), /AADSTS700082/);
      assert.ok(told.includes(command), told);
    });

    for (const [number, expected] of [
      [70043, /sign-in frequency\)\. Exclude the account from it, then sign in once again with: renew-pats sign-in/],
      [50076, /Entra wants the account of secret "sign-in" .* to give a second factor again/],
      [53003, /A Conditional Access policy blocks the account of secret "sign-in"/],
      [65001, /Nobody has consented to the app/],
    ] as const) {
      it(`when Entra refuses it with AADSTS${number}`, async () => {
        const company = { accounts: [{ upn: account, refusals: { refreshToken: number } }] };
        await stopsWith(await signedIn({ company }), expected);
      });
    }

    it('when the secret holds something else', async () => {
      const situation = await signedIn();
      plant(situation, 'not a refresh token');
      await stopsWith(situation, /Sign in once again with: renew-pats sign-in/);
    });

    it('when there is no such secret', async () => {
      const { run, job } = await signedIn();
      const { result, errors } = await run(
        { ...inputs, refreshTokenSecret: `https://${vaultHost}/secrets/other` },
        job,
      );
      assert.equal(result, 'Failed');
      assert.match(
        errors.join(),
        /Secret "other" in vault "contoso-vault", which should hold the refresh token, does not exist\. Sign in once with: renew-pats sign-in .*\/secrets\/other /,
      );
    });

    it('when its newest version is disabled', async () => {
      await stopsWith(
        await signedIn({ secret: { enabled: false } }),
        /is disabled\. Sign in once with: renew-pats sign-in/,
      );
    });

    it('when the connection may not read it', async () => {
      const situation = await signedIn({ company: { vault: { access: {} } } });
      await stopsWith(situation, /service connection "[0-9a-f-]{36}" .*is not allowed .*ForbiddenByRbac/);
    });
  });

  it('warns when fewer than 30 days are left, and not before', async () => {
    const late = await signedIn({ daysAgo: 61 });
    const { warnings, result } = await late.renew();
    assert.equal(result, 'SucceededWithIssues');
    assert.match(
      warnings.join('\n'),
      /The refresh token in secret "sign-in" \(vault "contoso-vault"\) was last renewed long ago: 29 days are left\. Run more often, or sign in again with: renew-pats sign-in --tenant-id/,
    );
    const inTime = await signedIn({ daysAgo: 59 });
    assert.deepEqual((await inTime.renew()).warnings, []);
  });

  it('lets runs overlap: each goes on with what it read, and the next one works', async () => {
    const situation = await signedIn();
    const { faults, renew, versions } = situation;
    let other: Promise<unknown> | undefined;
    faults.use({
      before: async ({ operation, operationOrdinal }) => {
        // A whole second run takes place between this one's exchange and its storing.
        if (operation !== 'vault.setSecret' || operationOrdinal !== 1) return;
        other = renew().then(({ result }) => assert.equal(result, 'Succeeded'));
        await other;
      },
    });
    assert.equal((await renew()).result, 'Succeeded');
    assert.ok(other, 'the other run took place');
    assert.equal(versions('sign-in').length, 3);
    assert.equal(versions('sign-in').at(-1)?.enabled, true);
    situation.world.advance({ hours: 1 });
    assert.equal((await renew()).result, 'Succeeded');
    assert.deepEqual(
      versions('sign-in').map(({ enabled }) => enabled),
      [false, false, false, true],
    );
  });

  it('survives an answer that got lost while the token was stored', async () => {
    const situation = await signedIn();
    situation.faults.once('vault.setSecret', { kind: 'applyThenDrop' });
    assert.equal((await situation.renew()).result, 'Succeeded');
    assert.equal(situation.versions('sign-in').at(-1)?.enabled, true);
    assert.equal((await situation.renew()).result, 'Succeeded');
  });
});

/** Puts a value in the place of the newest one, without a trace of it. */
function plant({ world }: Situation, value: string): void {
  const secret = world.vaults.secret(vaultHost, 'sign-in');
  const newest = secret?.versions.at(-1);
  assert.ok(newest, 'the secret is there');
  world.vaults.plant(vaultHost, { name: 'sign-in', versions: [{ ...newest, value }] });
}
