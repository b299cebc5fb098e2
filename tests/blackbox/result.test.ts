import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describePackagedTask } from './on-each-node.ts';
import { account, inDays, minuteOf, password } from './situation.ts';

describePackagedTask('The step', (given) => {
  it('writes a report of its own each time, and a summary that tells the same', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const first = await run();
    const second = await run();
    const file = (path = '') => path.split(/[\\/]/).at(-1);
    assert.notEqual(file(first.outputs.reportPath), file(second.outputs.reportPath));
    assert.ok(first.outputs.reportPath?.startsWith(first.raw.tempDirectory));
    assert.match(first.summary, /Build/);
    assert.match(first.summary, /2027-01-22/);
  });

  it('needs nothing but the three variables: everything else has a default', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    assert.equal((await run()).result, 'Succeeded');
    assert.equal(minuteOf(active('Build feed').validTo), minuteOf(inDays(60)));
  });

  it('takes empty inputs for their defaults', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    const empty = ['mode', 'organization', 'username', 'password', 'tenantId', 'clientId', 'lifetimeDays', 'allOrgs'];
    assert.equal((await run(Object.fromEntries(empty.map((name) => [name, ''])))).result, 'Succeeded');
    assert.equal(minuteOf(active('Build feed').validTo), minuteOf(inDays(60)));
  });

  it('refuses pats and dryRun that are given and empty, before any request', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { result, requests, errors } = await run({ pats: '  ', dryRun: '' });
    assert.deepEqual([result, requests.length], ['Failed', 0]);
    assert.match(
      errors.join('\n'),
      /2 inputs need attention:\n- Input pats: it is given and empty.*\n- Input dryRun: it is given and/,
    );
  });

  it('takes lists and booleans in any case, as templates write them', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { report } = await run({ mode: 'Simple', allOrgs: 'False', dryRun: 'True' });
    assert.deepEqual([report.mode, report.dryRun], ['simple', true]);
    assert.notEqual(minuteOf(active('Build feed').validTo), minuteOf(inDays(60)));
  });

  it('finds the organization of a classic release, which knows only the older name of the collection', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const job = { hostType: 'release', collectionUri: 'https://contoso.visualstudio.com/' } as const;
    const { result, outputs } = await run({}, job);
    assert.deepEqual([result, outputs.renewedCount], ['Succeeded', '1']);
  });

  it('tags its build, however it ends, so that the project’s page finds the run; a release has none', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const tagsOf = async (...given: Parameters<typeof run>) => (await run(...given)).raw.buildTags;

    assert.deepEqual(await tagsOf(), ['renew-pats']);
    assert.deepEqual(await tagsOf({ lifetimeDays: 'sixty' }), ['renew-pats']);
    assert.deepEqual(await tagsOf({}, { hostType: 'release' }), []);
  });

  it('fails when one organization of two cannot be read, says so first, and handles the other', async () => {
    const { run, active } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { result, warnings, report, errors, summary } = await run({ organization: 'contoso,fabrikam' });
    assert.equal(result, 'Failed');
    assert.match(errors[0] ?? '', /^Organization "fabrikam" could not be read\. Renewed 1/);
    assert.match(errors[1] ?? '', /^Organization "fabrikam" was left out: .*"fabrikam" was not found/);
    assert.deepEqual([errors.length, warnings], [2, []]);
    assert.match(summary, /fabrikam/);
    assert.deepEqual(
      report.unreachable.map(({ organization }) => organization),
      ['fabrikam'],
    );
    assert.equal(minuteOf(active('Build feed').validTo), minuteOf(inDays(60)));
    assert.deepEqual(
      report.organizations.map(({ organization }) => organization),
      ['contoso'],
    );
  });

  it('fails when no organization can be read, and names each', async () => {
    const { run } = await given();
    const { result, errors, outputs } = await run({ organization: 'fabrikam,adatum' });
    assert.equal(result, 'Failed');
    assert.ok(
      errors.some((error) => error.includes('fabrikam') && error.includes('adatum')),
      errors.join('\n'),
    );
    assert.deepEqual([outputs.renewedCount, outputs.failedCount, outputs.nextExpiry], ['0', '0', '']);
  });

  it('fails when the account is not a member of the organization, and says so', async () => {
    const { run } = await given({ organization: { members: [] } });
    const { result, errors } = await run();
    assert.equal(result, 'Failed');
    assert.ok(
      errors.some((error) => /member of the organization/.test(error)),
      errors.join('\n'),
    );
  });

  it('tells all problems of all inputs in one message, before any request', async () => {
    const { run } = await given();
    const { result, errors, requests, summary } = await run(
      {
        mode: 'advanced',
        lifetimeDays: '1.5',
        concurrency: '99',
        pats: 'a =>',
        keyVault: 'http://vault',
        allOrgs: 'maybe',
      },
      { variables: { tenantid: 'not a tenant' } },
    );
    assert.deepEqual([result, requests.length, errors.length], ['Failed', 0, 1]);
    for (const name of ['lifetimeDays', 'concurrency', 'pats', 'keyVault', 'allOrgs', 'tenantId'])
      assert.ok(errors[0]?.includes(name) && summary.includes(name), name);
    assert.match(summary, /^\*\*Nothing was done\*\*/);
    assert.match(errors[0] ?? '', /1 to 365.*1 to 32/s);
  });

  it('names the variable that an input still asks for, and does not check inputs that the settings do not use', async () => {
    const { run } = await given();
    const { errors, requests } = await run({ username: '$(another_account)', revokeAfterHours: '$(grace)' });
    assert.deepEqual([errors.length, requests.length], [1, 0]);
    assert.ok(errors[0]?.includes('another_account'));
    assert.ok(!errors[0]?.includes('grace'));
  });

  it('handles nobody’s PATs but the service account’s', async () => {
    const { run, named } = await given({
      accounts: [{ upn: account, password }, { upn: 'ada@contoso.com' }],
      pats: [{ displayName: 'Build feed' }, { displayName: 'Laptop', owner: 'ada@contoso.com' }],
    });
    const { pats } = await run();
    assert.deepEqual(
      pats.map(({ displayName }) => displayName),
      ['Build feed'],
    );
    assert.equal(named('Laptop')[0]?.validTo, Date.parse(inDays(10)));
  });

  it('writes its report although a step before has cleared the agent’s temporary folder away', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const env = preloading("require('node:fs').rmSync(process.env.AGENT_TEMPDIRECTORY, { recursive: true })");
    const { result, outputs, line } = await run({}, { env });
    assert.deepEqual([result, outputs.renewedCount, line('Build feed').outcome], ['Succeeded', '1', 'done']);
  });

  it('fails, with exit code 0 and nothing of the error’s contents, when something goes wrong that nobody awaits', async () => {
    const { run, faults } = await given({ pats: [{ displayName: 'Build feed' }] });
    const error = `Object.assign(new TypeError(${JSON.stringify(password)}), { config: ${JSON.stringify({ password })} })`;
    // With the first request, when the program has been loaded, however long that takes.
    const script = `
      const https = require('node:https');
      const { request } = https;
      https.request = (...given) => {
        setImmediate(() => Promise.reject(${error}));
        return request(...given);
      };`;
    faults.always('entra.token.password', { kind: 'hang', applied: false });
    const { result, errors, raw } = await run({}, { env: preloading(script) });
    assert.deepEqual([result, raw.exitCode], ['Failed', 0]);
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', /^The task failed in an unexpected way \(TypeError\)\./);
  });

  it('handles many PATs at once, as many as concurrency says', async () => {
    for (const concurrency of [1, 4]) {
      const { run, faults } = await given({ pats: Array.from({ length: 8 }, (_, i) => ({ displayName: `PAT ${i}` })) });
      let [open, most] = [0, 0];
      let allAreHere = () => {};
      const together = new Promise<void>((resolve) => {
        allAreHere = resolve;
      });
      faults.use({
        before: async ({ operation }) => {
          if (operation !== 'pats.update') return;
          most = Math.max(most, ++open);
          if (open === concurrency) allAreHere();
          await together;
          open--;
        },
      });
      await run({ concurrency: String(concurrency) });
      assert.equal(most, concurrency);
    }
  });
});

/** Runs this in the task's process first, as nothing that the services answer could. */
function preloading(script: string): Readonly<Record<string, string>> {
  const file = join(mkdtempSync(join(tmpdir(), 'renew-pats-preload-')), 'preload.cjs');
  writeFileSync(file, script);
  return { NODE_OPTIONS: `--require ${file}` };
}
