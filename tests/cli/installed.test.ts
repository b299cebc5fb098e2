import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { connectionName, withSecret } from '../blackbox/azure-connections.ts';
import { account, situation, vaultHost } from '../blackbox/situation.ts';
import { builtCommand } from '../package/built-package.ts';

const app = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001';
const secretUrl = `https://${vaultHost}/secrets/sign-in`;

/** The versions that the package says it runs on; the others where a variable names their path. */
const versions = [
  { name: `Node.js ${process.versions.node}`, nodePath: process.execPath },
  { name: 'Node.js 22 (if RENEWPATS_NODE22 names it)', nodePath: process.env.RENEWPATS_NODE22 },
  { name: 'Node.js 24 (if RENEWPATS_NODE24 names it)', nodePath: process.env.RENEWPATS_NODE24 },
];

describe('the command, out of its package into an empty folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'renew-pats-installed-'));
    copyFileSync(builtCommand(), join(folder, basename(builtCommand())));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs npm or npx there as a person would, on a machine that reaches no registry. */
  const run = async (nodePath: string, command: string, args: readonly string[], environment = {}) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: {
        PATH: [dirname(resolve(nodePath)), process.env.PATH].join(delimiter),
        HOME: folder,
        npm_config_cache: join(folder, '.npm'),
        npm_config_offline: 'true',
        npm_config_update_notifier: 'false',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const told = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text) => (told[name] += text));
    const code = await new Promise((done, fail) => child.on('error', fail).on('close', done));
    return { code, ...told };
  };

  for (const { name, nodePath } of versions) {
    it(`signs in with npx on ${name}, and the packaged task renews with what that has stored`, async function () {
      if (nodePath === undefined || nodePath === '') return this.skip();
      const company = withSecret.company;
      const {
        simulator,
        world,
        run: runTask,
        versions: stored,
        close,
      } = await situation(
        {
          pats: [{ displayName: 'Build feed' }],
          ...company,
          applications: [...(company.applications ?? []), { clientId: app }],
          settings: { devicePollSeconds: 0 },
        },
        nodePath,
      );
      try {
        world.entra.signInBrowser(account);
        const signIn = ['sign-in', '--tenant-id', 'contoso.onmicrosoft.com', '--client-id', app];
        const signedIn = await run(
          nodePath,
          'npx',
          [
            '--yes',
            `./${basename(builtCommand())}`,
            ...signIn,
            '--refresh-token-secret',
            secretUrl,
            '--username',
            account,
          ],
          { HTTPS_PROXY: simulator.proxyUrl, NODE_EXTRA_CA_CERTS: simulator.caFile },
        );
        assert.equal(signedIn.code, 0, signedIn.stderr);
        assert.match(signedIn.stdout, /Its refresh token is in contoso-vault\/sign-in\./);
        assert.equal(stored('sign-in').length, 1);

        const renewed = await runTask(
          {
            signIn: 'refreshToken',
            clientId: app,
            refreshTokenSecret: secretUrl,
            azureSubscription: connectionName,
          },
          withSecret.job(world),
        );
        assert.deepEqual([renewed.result, renewed.outputs.renewedCount], ['Succeeded', '1']);
        assert.equal(stored('sign-in').length, 2, 'the task stores the token that comes after');
      } finally {
        await close();
      }
    });
  }

  it('is installed without a registry, brings nothing else along, and can be called by its name', async () => {
    const installed = await run(process.execPath, 'npm', [
      'install',
      '--no-audit',
      '--no-fund',
      `./${basename(builtCommand())}`,
    ]);
    assert.equal(installed.code, 0, installed.stderr);
    const names = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(names, ['renew-pats']);
    const version = await run(process.execPath, join(folder, 'node_modules/.bin/renew-pats'), ['--version']);
    assert.equal(`renew-pats-${version.stdout.trim()}.tgz`, basename(builtCommand()));
  });
});
