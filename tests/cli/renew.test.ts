import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../simulator/certificate-authority.ts';
import { createWorld, type Simulator, startSimulator, type WorldSpec } from '../../simulator/index.ts';
import { startMachine } from '../blackbox/machine.ts';
import { type CommandOptions, type CommandRun, runCommand } from './run-command.ts';

const upn = 'svc-pats@contoso.example';
const password = 'pa ss&w%rd"1+\\é';
const vault = 'contoso-kv.vault.azure.net';

describe('renew-pats renew', () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  const start = async (spec: WorldSpec = {}) => {
    const world = createWorld({
      accounts: [{ upn, password }],
      organizations: {
        contoso: { pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy', scope: 'vso.work' }] },
      },
      vaults: { 'contoso-kv': {} },
      ...spec,
    });
    simulator = await startSimulator({ world });
    return world;
  };
  const account = ['--organization', 'contoso', '--tenant-id', 'contoso.example', '--username', upn];
  const command = (args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> =>
    runCommand(simulator, args, { ...options, environment: { RENEWPATS_PASSWORD: password, ...options.environment } });
  const ends = () =>
    simulator.world.pats
      .named('contoso', 'Build feed')
      .map(({ validTo }) => new Date(validTo).toISOString().slice(0, 10));

  it('extends the PATs as the task does, and shows each', async () => {
    await start();
    const run = await command(['renew', ...account, '--lifetime-days', '30', '--pats', 'Build*']);
    assert.equal(run.code, 0, run.stderr);
    assert.match(
      run.stdout,
      /^contoso: 1 extended\n {2}Build feed {2}extended {2}ends 2026-12-03 -> 2026-12-23 \(in 30 days\)\n/m,
    );
    assert.match(run.stdout, /Renewed 1, revoked 0, skipped 0, failed 0\.\nNext: /);
    assert.deepEqual(ends(), ['2026-12-23']);
    assert.ok(!run.stdout.includes('\u001b'), 'no colours where there is no terminal');
  });

  it('takes every setting from the environment too, and a flag before it', async () => {
    await start();
    const run = await command(['renew', '--lifetime-days=20', '--no-dry-run'], {
      environment: {
        RENEWPATS_ORGANIZATION: 'https://dev.azure.com/contoso/',
        RENEWPATS_TENANT_ID: 'contoso.example',
        RENEWPATS_USERNAME: upn,
        RENEWPATS_LIFETIME_DAYS: '200',
        RENEWPATS_DRY_RUN: 'true',
        RENEWPATS_PATS: '# all but one\n*\n!Deploy',
      },
    });
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(ends(), ['2026-12-13']);
    assert.match(run.stdout, /Renewed 1,/);
  });

  it('takes several rules, the last one that matches wins', async () => {
    await start();
    const run = await command(['renew', ...account, '--pats', '*', '--pats', '!Deploy', '--dry-run']);
    assert.match(run.stdout, /contoso: 1 would be extended/);
  });

  it('stores new values in the vault, and shows none', async () => {
    const world = await start();
    const run = await command(['renew', ...account, '--mode', 'advanced', '--key-vault', 'contoso-kv', '--verbose']);
    assert.equal(run.code, 0, run.stderr);
    for (const [name, secret] of [
      ['Build feed', 'Build-feed'],
      ['Deploy', 'Deploy'],
    ] as const) {
      const value = world.vaults.newest(vault, secret)?.value ?? '';
      assert.equal(world.pats.byValue(value)?.displayName, name);
    }
    const shown = run.stdout + run.stderr;
    for (const { value } of world.pats.all()) assert.ok(!shown.includes(value));
    assert.ok(!shown.includes(password));
    assert.match(run.stderr, /POST vssps\.dev\.azure\.com\/contoso\/_apis\/tokens\/pats -> 200/);
    assert.ok(!/authorization|bearer/i.test(run.stderr), 'nothing of headers is traced');
  });

  it('opens the vault as the machine it runs on', async () => {
    const clientId = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0005';
    const world = await start({
      applications: [{ clientId, managedIdentity: true }],
      vaults: { 'contoso-kv': { access: { [clientId]: ['get', 'list', 'set'] } } },
    });
    const machine = await startMachine(world, 'container app');
    try {
      const run = await command(
        [
          'renew',
          ...account,
          '--mode',
          'advanced',
          '--key-vault',
          'contoso-kv',
          '--azure-subscription',
          'managed-identity',
        ],
        { environment: machine.environment },
      );
      assert.equal(run.code, 0, run.stderr);
      assert.deepEqual([...world.vaults.secrets(vault)].map(({ name }) => name).sort(), ['Build-feed', 'Deploy']);
      assert.equal(machine.asked.length, 1);
    } finally {
      await machine.close();
    }
  });

  it('refuses mode advanced without a place for each value: nothing is handed over', async () => {
    await start();
    const run = await command(['renew', ...account, '--mode', 'advanced']);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /--key-vault \(or RENEWPATS_KEY_VAULT\): mode advanced needs a place for each value here/);
    assert.equal(simulator.requests.length, 0);
  });

  for (const [how, args, environment] of [
    ['--pats', ['--pats', ''], {}],
    ['--pats', [], { RENEWPATS_PATS: '' }],
    ['--dry-run', [], { RENEWPATS_DRY_RUN: ' ' }],
  ] as const) {
    it(`refuses what is given and empty: ${how} ${JSON.stringify(environment)}`, async () => {
      await start();
      const run = await command(['renew', ...account, ...args], { environment });
      assert.equal(run.code, 2);
      assert.match(run.stderr, new RegExp(`${how} \\(or RENEWPATS_\\w+\\): it is given and empty`));
      assert.equal(simulator.requests.length, 0);
    });
  }

  it('takes lists and booleans in any case', async () => {
    await start();
    const args = ['renew', ...account, '--mode', 'Simple', '--all-orgs', 'False', '--sign-in', 'Password', '--json'];
    const run = await command(args, { environment: { RENEWPATS_DRY_RUN: 'True' } });
    assert.equal(run.code, 0, run.stderr);
    const { mode, dryRun } = JSON.parse(run.stdout);
    assert.deepEqual([mode, dryRun], ['simple', true]);
  });

  it('names that with everything else that is wrong, and takes places in the rules as well', async () => {
    await start();
    const advanced = ['renew', ...account, '--mode', 'Advanced'];
    const refused = await command([...advanced, '--pats', '*', '--pats', 'Deploy => x', '--lifetime-days', '0']);
    assert.match(refused.stderr, /needs a place for each value here/);
    assert.match(refused.stderr, /--lifetime-days \(or RENEWPATS_LIFETIME_DAYS\): "0"/);
    const inRules = await command([...advanced, '--pats', '* => group:Builds/tokens/feed', '--lifetime-days', '0']);
    assert.doesNotMatch(inRules.stderr, /needs a place for each value here/);
  });

  it('prints the report alone with --json', async () => {
    await start();
    const run = await command(['renew', ...account, '--json']);
    const report = JSON.parse(run.stdout);
    assert.deepEqual(report.counts, { renewed: 2, revoked: 0, skipped: 0, failed: 0 });
    assert.equal(report.version, 1);
    assert.match(run.stderr, /Renewed 2,/, 'a person reads it on the standard error');
  });

  it('prints a line of fields for each PAT with --output tsv, and nothing with --output none', async () => {
    await start();
    const run = await command(['report', ...account, '--output', 'tsv']);
    const rows = run.stdout.trimEnd().split('\n');
    const [build, ...others] = rows.map((row) => row.split('\t'));
    assert.deepEqual(build?.slice(0, 5), ['contoso', 'Build feed', 'none', 'done', '2026-12-03T04:00:00.000Z']);
    assert.equal(others.length, 1);
    const none = await command(['report', ...account, '--output', 'none']);
    assert.deepEqual([none.code, none.stdout], [0, '']);
  });

  it('says nothing with --quiet when nothing needs a person, and only that when something does', async () => {
    await start();
    const quiet = await command(['renew', ...account, '--quiet']);
    assert.deepEqual(quiet, { code: 0, stdout: '', stderr: '' });
    const nothing = await command(['renew', ...account, '--quiet', '--pats', 'none of them']);
    assert.equal(nothing.stdout, '');
    for (const line of nothing.stderr.trimEnd().split('\n')) assert.match(line, /^Warning: /);
  });

  it('ends with 4 with --strict when something needs a person, and else with 0', async () => {
    await start();
    const selectsNothing = ['renew', ...account, '--pats', 'none of them'];
    assert.equal((await command(selectsNothing)).code, 0);
    assert.equal((await command([...selectsNothing, '--strict'])).code, 4);
    assert.equal((await command(['renew', ...account, '--strict'])).code, 0);
  });

  describe('with --deploy-hook', () => {
    const advanced = ['renew', ...account, '--mode', 'advanced', '--key-vault', 'contoso-kv'];
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'hook-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('runs the command once for each new PAT, and tells it name, place and ends, but no secret', async () => {
      const world = await start();
      const hook = `env | grep -E '^(RENEW|AZURE)' | sort >> '${folder}/told'; echo seen`;
      const run = await command([...advanced, '--deploy-hook', hook]);
      assert.equal(run.code, 0, run.stderr);
      const told = readFileSync(join(folder, 'told'), 'utf8');
      const blocks = told.split(/(?=^RENEWED_ENDS=)/m).map((block) => Object.fromEntries(fields(block)));
      assert.deepEqual(blocks.map(({ RENEWED_PAT, RENEWED_PLACE }) => `${RENEWED_PAT} in ${RENEWED_PLACE}`).sort(), [
        'Build feed in contoso-kv/Build-feed',
        'Deploy in contoso-kv/Deploy',
      ]);
      const [build] = blocks.filter(({ RENEWED_PAT }) => RENEWED_PAT === 'Build feed');
      const [old, successor] = world.pats.named('contoso', 'Build feed');
      assert.equal(Date.parse(build?.RENEWED_ENDS ?? ''), Math.floor(successor?.validTo ?? 0));
      assert.equal(Date.parse(build?.RENEWED_OLD_ENDS ?? ''), Math.floor(old?.validTo ?? 0));
      assert.equal(build?.RENEWED_ORGANIZATION, 'contoso');
      for (const secret of [password, ...[...world.pats.all()].map(({ value }) => value)])
        assert.ok(!told.includes(secret));
      assert.match(run.stderr, /Deploy hook for "Deploy": done\.\nseen/);
    });

    it('tells that it failed, and lets everything stand', async () => {
      const world = await start();
      const run = await command([...advanced, '--strict', '--deploy-hook', 'echo no such service >&2; exit 3']);
      assert.equal(run.code, 4);
      assert.match(run.stderr, /^no such service$/m);
      assert.match(
        run.stderr,
        /Warning: The deploy hook for "Deploy" ended with 3\. The new value is in contoso-kv\/Deploy all the same/,
      );
      assert.match(run.stdout, /Renewed 2,.* failed 0/);
      const value = world.vaults.newest(vault, 'Deploy')?.value ?? '';
      assert.equal(world.pats.byValue(value)?.displayName, 'Deploy');
    });

    it('shows no secret that the command prints', async () => {
      await start();
      const options = { environment: { AZURE_CLIENT_SECRET: 'an application’s secret' } };
      const hook = 'echo "it is $AZURE_CLIENT_SECRET, indeed"';
      const run = await command([...advanced, '--pats', 'Deploy', '--deploy-hook', hook], options);
      assert.match(run.stderr, /^it is \*\*\*, indeed$/m);
    });

    it('runs nothing where nothing was delivered: in a dry run, in mode simple, where nothing is due', async () => {
      await start();
      const hook = ['--deploy-hook', `touch '${folder}/ran'`];
      assert.equal((await command([...advanced, ...hook, '--dry-run'])).code, 0);
      assert.equal((await command(['renew', ...account, ...hook])).code, 0);
      assert.equal(existsSync(join(folder, 'ran')), false);
    });

    it('lets the command come to its end when the run is stopped: no later run delivers this value again', async () => {
      await start();
      const [started, go] = [join(folder, 'started'), join(folder, 'go')];
      execFileSync('mkfifo', [started, go]);
      const hasStarted = readFile(started);
      let send = (_signal: NodeJS.Signals) => {};
      const hook = `echo > '${started}'; cat '${go}'; touch '${folder}/ended'`;
      const running = command([...advanced, '--pats', 'Deploy', '--verbose', '--deploy-hook', hook], {
        onStderr: (text, kill) => {
          send = kill;
          if (text.includes('Stopping: what has begun')) void writeFile(go, '');
        },
      });
      await hasStarted;
      send('SIGINT');
      assert.equal((await running).code, 130);
      assert.ok(existsSync(join(folder, 'ended')));
    });

    it('takes names as text, whatever is in them', async () => {
      const name = `x'; touch '${folder}/broken'; echo "$(touch ${folder}/broken)`.slice(0, 200);
      await start({ organizations: { contoso: { pats: [{ displayName: name }] } } });
      const hook = `printf %s "$RENEWED_PAT" > '${folder}/name'`;
      const run = await command([...advanced, '--pats', '* => one', '--deploy-hook', hook]);
      assert.equal(run.code, 0, run.stderr);
      assert.equal(readFileSync(join(folder, 'name'), 'utf8'), name);
      assert.equal(existsSync(join(folder, 'broken')), false);
    });
  });

  it('reads the password from the standard input', async () => {
    await start();
    const options = { environment: { RENEWPATS_PASSWORD: '' }, stdin: `${password}\n` };
    assert.equal((await command(['renew', ...account, '--password-stdin'], options)).code, 0);
  });

  it('never takes a secret as a flag, and repeats nothing of it', async () => {
    await start();
    for (const args of [['--password', 'hunter2'], ['--password=hunter2']]) {
      const run = await command(['renew', ...account, ...args]);
      assert.equal(run.code, 2);
      assert.match(run.stderr, /Secrets are never flags/);
      assert.ok(!run.stderr.includes('hunter2'));
    }
  });

  it('ends with 1 when a PAT failed, and handles every other one', async () => {
    const world = await start({
      organizations: {
        contoso: {
          pats: [{ displayName: 'Build feed' }, { displayName: 'Both' }, { displayName: 'Both', scope: 'vso.work' }],
        },
      },
    });
    const run = await command(['renew', ...account, '--mode', 'advanced', '--key-vault', 'contoso-kv']);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /Error: "Both" \([0-9a-f-]{36}\): .*different scopes/);
    assert.match(run.stdout, /Renewed 1,/);
    assert.ok(world.vaults.newest(vault, 'Build-feed'));
  });

  it('ends with 3 when the sign-in fails, and sends a wrong password once', async () => {
    const world = await start();
    const run = await command(['renew', ...account, '--json'], { environment: { RENEWPATS_PASSWORD: 'wrong, alas' } });
    assert.equal(run.code, 3);
    assert.match(
      run.stderr,
      /Check --username and RENEWPATS_PASSWORD\..*\(AADSTS50126, correlation id [0-9a-f-]{36}\)/,
    );
    assert.equal(world.entra.accountByUpn(upn)?.failures, 1);
    assert.deepEqual(JSON.parse(run.stdout).organizations, []);
    assert.ok(!run.stderr.includes('wrong, alas'));
  });

  it('ends with 3 when no organization could be read', async () => {
    await start();
    const run = await command(['report', ...account, '--organization', 'fabrikam']);
    assert.equal(run.code, 3);
    assert.match(
      run.stderr,
      /"fabrikam" was left out: The organization "fabrikam" was not found \(404\)\. Check --organization:/,
    );
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`ends with ${code} after ${signal}, and tells what it has done`, async () => {
      await start();
      let stop = () => {};
      let heard = () => {};
      const stopping = new Promise<void>((resolve) => {
        heard = resolve;
      });
      simulator.faults.use({
        before: async (request) => {
          if (request.operation !== 'pats.list') return;
          stop();
          await stopping;
        },
      });
      const run = await command(['renew', ...account, '--verbose'], {
        onStderr: (text, send) => {
          stop = () => send(signal);
          if (text.includes('Stopping: what has begun is finished first.')) heard();
        },
      });
      assert.equal(run.code, code);
      assert.match(run.stdout, /Renewed 0,/);
      assert.deepEqual(ends(), ['2026-12-03']);
    });
  }

  it('says which service it waits for and until when, and does not wait once it is stopped', async () => {
    await start();
    simulator.faults.always('pats.list', {
      kind: 'answer',
      answer: { status: 429, headers: { 'Retry-After': '200' }, body: '' },
    });
    const run = await command(['renew', ...account, '--verbose'], {
      onStderr: once(/^vssps\.dev\.azure\.com limits requests: goes on at \d\d:\d\d:\d\d$/m, (send) => send('SIGTERM')),
    });
    assert.equal(run.code, 143);
    assert.deepEqual(ends(), ['2026-12-03']);
  });

  it('reports without changing anything', async () => {
    await start();
    const run = await command(['report', ...account]);
    assert.equal(run.code, 0);
    assert.match(run.stdout, /Build feed/);
    assert.ok(simulator.requests.every(({ method, host }) => method === 'GET' || host.startsWith('login.')));
  });

  it('never shows the proxy’s password, with DEBUG=* and --verbose either', async () => {
    await start();
    const proxy = new URL(simulator.proxyUrl);
    proxy.username = 'somebody';
    proxy.password = 'proxy-pa55word';
    const environment = { HTTPS_PROXY: proxy.href, DEBUG: '*', AZURE_LOG_LEVEL: 'verbose' };
    const { code, stdout, stderr } = await command(['report', ...account, '--verbose'], { environment });
    assert.equal(code, 0);
    assert.match(stderr, /https-proxy-agent/, 'the packages say what they do');
    const basic = Buffer.from('somebody:proxy-pa55word').toString('base64');
    for (const form of ['proxy-pa55word', basic]) assert.ok(!`${stdout}${stderr}`.includes(form), form);
  });

  it('goes around the proxy where NO_PROXY says so', async () => {
    await start();
    const elsewhere = ['report', ...account, '--authority-host', 'https://login.invalid'];
    const through = await command(elsewhere);
    assert.match(through.stderr, /The proxy does not reach login\.invalid/);
    const around = await command(elsewhere, { environment: { NO_PROXY: 'invalid' } });
    assert.match(around.stderr, /login\.invalid cannot be reached/);
  });

  it('goes to its own machine without the proxy, and checks the certificate there, too', async () => {
    await start();
    const stranger = await CertificateAuthority.create();
    let connections = 0;
    const server = createServer({
      SNICallback: (_host, done) => stranger.contextFor('localhost').then((context) => done(null, context), done),
    }).on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const elsewhere = ['report', ...account, '--authority-host', `https://localhost:${port}`];
      const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
      const { stderr } = await command(elsewhere, { environment });
      assert.match(stderr, /The certificate of localhost:\d+ is not trusted/);
      assert.ok(connections > 0);
    } finally {
      server.close();
    }
  });

  it('says which certificate it does not trust, and trusts what --ca-file names', async () => {
    await start();
    const untrusted = await command(['report', ...account], { environment: { NODE_EXTRA_CA_CERTS: '' } });
    assert.match(untrusted.stderr, /certificate of login\.microsoftonline\.com is not trusted .*--ca-file/);
    const named = ['report', ...account, '--ca-file', simulator.caFile];
    assert.equal((await command(named, { environment: { NODE_EXTRA_CA_CERTS: '' } })).code, 0);
    assert.equal((await command([...named, '--ca-file', 'no-such-file.pem'])).code, 2);
  });
});

/** `NAME=text` a line. */
function fields(block: string): [string, string][] {
  return block
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
}

/** Acts the first time that the text has it. */
function once(pattern: RegExp, act: (send: (signal: NodeJS.Signals) => void) => void): CommandOptions['onStderr'] & {} {
  let isDone = false;
  return (text, send) => {
    if (isDone || !pattern.test(text)) return;
    isDone = true;
    act(send);
  };
}
