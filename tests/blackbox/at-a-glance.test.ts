import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, inDays, inHours } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ displayName: `PAT ${index}` }));

describePackagedTask('What a person sees of a step at a glance', (given) => {
  it('that 60 PATs failed by one cause, once: first how many, then why, with the first few names', async () => {
    const here = await given({ pats: many(60) });
    const { result, errors, outputs, operations } = await here.run({
      ...advanced,
      keyVault: 'no-such-vault',
      concurrency: '32',
    });
    assert.deepEqual([result, outputs.failedCount, errors.length], ['Failed', '60', 2]);
    assert.match(errors[0] ?? '', /^60 PATs failed\. Renewed 0, revoked 0, skipped 0, failed 60\./);
    assert.match(errors[1] ?? '', /^60 PATs failed alike: "PAT 0", .* and 55 more\. Of the first: .*no-such-vault/);
    assert.equal(operations['entra.token.password'], 1);
  });

  it('that a sign-in for the vault was refused, once, and it is asked for once however many PATs need it', async () => {
    const here = await given({
      pats: many(60),
      accounts: [{ upn: account, password: 'pa ss&w%rd"1+\\é', refusals: { refreshToken: 53003 } }],
    });
    const { result, errors, outputs, requests } = await here.run(advanced);
    assert.deepEqual([result, outputs.failedCount, errors.length], ['Failed', '60', 2]);
    assert.match(errors[1] ?? '', /60 PATs failed alike.*Key Vault.*AADSTS53003/s);
    const signIns = requests.filter(({ operation }) => operation.startsWith('entra.token'));
    assert.deepEqual(
      signIns.map(({ operation }) => operation),
      ['entra.token.password', 'entra.token.refreshToken'],
    );
  });

  it('each of several causes once, the total first, and never more than the ten that the agent keeps', async () => {
    const here = await given({ pats: many(24) });
    here.faults.use({
      decide: ({ operation, body }) => {
        const index = /PAT (\d+)/.exec(body)?.[1];
        if (operation !== 'pats.create' || index === undefined) return { kind: 'pass' };
        const patTokenError = `aRefusalOfItsOwn${Number(index) % 12}`;
        return { kind: 'answer', answer: json(200, { patToken: null, patTokenError }) };
      },
    });
    const { errors, outputs, summary } = await here.run(advanced);
    assert.deepEqual([outputs.failedCount, errors.length], ['24', 10]);
    assert.match(errors[0] ?? '', /^24 PATs failed/);
    assert.match(errors[9] ?? '', /^And 4 more: the summary of the run has all\./);
    for (let index = 0; index < 12; index++) assert.match(summary, new RegExp(`aRefusalOfItsOwn${index}\\b`));
  });

  it('what ends soon in one warning with the names, before what can wait', async () => {
    const here = await given({
      pats: [...many(12), { displayName: 'Everywhere', allOrgs: true, validTo: inDays(300) }],
    });
    const { warnings, report } = await here.run({ mode: 'report', warnDays: '12' });
    assert.match(warnings[0] ?? '', /^\d things go wrong by themselves unless somebody acts/);
    assert.equal(warnings.filter((warning) => /within 12 days/.test(warning)).length <= 2, true, warnings.join('\n'));
    assert.ok(warnings.some((warning) => /"PAT 0" .*and 7 more/.test(warning)));
    assert.equal(report.warnings.length, warnings.length - 1, 'the first only counts');
  });

  it('nothing at all of what is merely good to know, but in the log and the report', async () => {
    const here = await given({ pats: [{ displayName: 'Build feed' }] });
    const { result, warnings, notices, report } = await here.run({ ...advanced, renewBeforeDays: '5' });
    assert.deepEqual([result, warnings], ['Succeeded', []]);
    assert.ok(
      notices.some((notice) =>
        /renewed, due or not, for a place that held nothing of this task: no value of a PAT can be read back/.test(
          notice,
        ),
      ),
    );
    assert.ok(
      notices.some((notice) =>
        /will be revoked after .*its consumers must read the value from contoso-vault\/Build-feed by then/.test(notice),
      ),
    );
    for (const notice of notices) assert.ok(report.warnings.includes(notice));
  });
});

describePackagedTask('An account without any PAT', (given) => {
  it('is told as that, by its name, and is no green run', async () => {
    for (const mode of ['simple', 'advanced', 'revoke', 'report']) {
      const { run } = await given({ pats: [] });
      const { result, warnings, report } = await run({ mode, keyVault: 'contoso-vault' });
      assert.deepEqual([result, warnings.length], ['SucceededWithIssues', 1], mode);
      assert.match(warnings[0] ?? '', /^The account renew@contoso\.com has no PAT in organization "contoso"/);
      assert.equal(report.account, account);
    }
  });

  it('is not said of one whose PATs the rules leave out, and the other way round', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { warnings } = await run({ pats: 'Deploy' });
    assert.match(warnings.join('\n'), /No PAT is selected/);
    assert.doesNotMatch(warnings.join('\n'), /has no PAT/);
  });
});

describePackagedTask('The input failDays', (given) => {
  const soon = { displayName: 'Soon', validTo: inDays(5) };
  const later = { displayName: 'Later', validTo: inHours(5 * 24 + 1) };

  it('fails the step by a PAT in use that ends within so many days, to the hour, and names it with its end', async () => {
    const { run } = await given({ pats: [soon, later] });
    const { result, errors, outputs } = await run({ mode: 'report', failDays: '5' });
    assert.deepEqual([result, outputs.failedCount], ['Failed', '0']);
    assert.match(errors[0] ?? '', /^"Soon" ends on 2026-11-28T04:00:00Z; the input failDays makes that a failure\./);
    assert.doesNotMatch(errors.join('\n'), /Later/);
    assert.equal((await run({ mode: 'report', failDays: '4' })).result, 'SucceededWithIssues');
    assert.equal((await run({ mode: 'report' })).result, 'SucceededWithIssues', 'empty: never');
  });

  it('counts what the run has renewed as renewed, in every mode, and fails after everything else', async () => {
    for (const inputs of [{}, advanced]) {
      const { run } = await given({ pats: [soon, later] });
      assert.equal((await run({ ...inputs, failDays: '5' })).result, 'Succeeded');
      const short = await run({ ...inputs, failDays: '60', lifetimeDays: '61' });
      assert.equal(short.outputs.renewedCount, '2');
      assert.notEqual(short.result, 'Failed');
      assert.equal((await run({ ...inputs, failDays: '365' })).result, 'Failed');
    }
  });

  it('looks neither at what is superseded nor at what the rules leave out', async () => {
    const { run } = await given({
      pats: [later, { displayName: 'Later (Renew PATs: revoke after 2026-11-30T00:00:00Z)', validTo: inDays(2) }, soon],
    });
    assert.notEqual((await run({ mode: 'report', failDays: '3', pats: 'Later' })).result, 'Failed');
  });

  it('looks at a value that was handed over and not confirmed: it may be in use', async () => {
    const { run } = await given({
      pats: [
        { displayName: 'Build feed', validTo: inDays(90) },
        { displayName: 'Build feed (Renew PATs: new)', validTo: inDays(2) },
      ],
    });
    const { result, errors, outputs } = await run({ mode: 'report', failDays: '3' });
    assert.equal(result, 'Failed');
    assert.match(errors.join('\n'), /"Build feed \(Renew PATs: new\)" ends on 2026-11-25/);
    assert.equal(outputs.nextExpiry, inDays(2));
  });

  it('is refused where it is no whole number from 0 to 365', async () => {
    const { run } = await given({});
    for (const failDays of ['366', '1.5', '-1', 'never']) {
      const { result, errors, requests } = await run({ failDays });
      assert.deepEqual([result, requests.length], ['Failed', 0]);
      assert.match(errors.join('\n'), /Input failDays.*0 to 365/);
    }
  });
});

describePackagedTask('A report is left', (given) => {
  it('by a step whose inputs were refused: with the failure, and outputs that a condition can read', async () => {
    const { run } = await given();
    const { report, outputs } = await run({ lifetimeDays: 'many', warnDays: '366' });
    assert.match(report.failure ?? '', /lifetimeDays.*warnDays/s);
    assert.deepEqual([report.organizations, report.unreachable, report.nextExpiry], [[], [], '']);
    assert.deepEqual([outputs.renewedCount, outputs.failedCount, outputs.nextExpiry], ['0', '0', '']);
  });

  it('by a step whose sign-in was refused: with the failure, the account, and what was asked for', async () => {
    const { run } = await given({ pats: [{ displayName: 'Build feed' }] });
    const { report, outputs, summary, result } = await run(
      { ...advanced, dryRun: 'true' },
      { variables: { sa_password: { value: 'not the password', secret: true } } },
    );
    assert.match(report.failure ?? '', /AADSTS50126.*Nothing was changed/);
    assert.deepEqual([report.mode, report.dryRun, report.account, result], ['advanced', true, account, 'Failed']);
    assert.deepEqual([outputs.renewedCount, outputs.nextExpiry], ['0', '']);
    assert.match(summary, /AADSTS50126/);
  });

  it('by a step whose organizations could not be read: each with its reason', async () => {
    const { run } = await given();
    const { report } = await run({ organization: 'fabrikam,adatum' });
    assert.deepEqual(
      report.unreachable.map(({ organization, message }) => [organization, /was not found/.test(message)]),
      [
        ['fabrikam', true],
        ['adatum', true],
      ],
    );
  });
});

describePackagedTask('Rules that are written another way', (given) => {
  for (const [how, pats, shown] of [
    ['with commas', 'Build feed, Deploy', /pats: \|\s+Build feed\s+Deploy/],
    ['as a list of YAML', '- Build feed\n- Deploy', /pats: \|\s+Build feed\s+Deploy/],
    ['as a list in brackets', "['Build feed', 'Deploy']", /pats: \|\s+Build feed\s+Deploy/],
    ['with an arrow', 'Build feed -> feed', /Build feed => feed/],
    ['with quotes', '"Build feed"', /pats: \|\s+Build feed/],
    ['folded into one line', '* !Laptop*', /pats: \|\s+\*\s+!Laptop\*/],
  ] as const) {
    it(`(${how}) are an input error that shows the right way, and nothing is done`, async () => {
      const { run } = await given({ pats: [{ displayName: 'Build feed' }, { displayName: 'Deploy' }] });
      const { result, errors, written, report } = await run({ pats });
      assert.deepEqual([result, written], ['Failed', []]);
      assert.match(errors.join('\n'), /^Input pats: .*another way of writing rules/);
      assert.match(errors.join('\n'), shown);
      assert.match(report.failure ?? '', /Input pats/);
    });
  }

  it('are the right way where a PAT is called so', async () => {
    const { run } = await given({ pats: [{ displayName: '- Build feed, Deploy -> x' }] });
    assert.equal((await run({ pats: '- Build feed, Deploy -> x' })).outputs.renewedCount, '1');
  });
});

describePackagedTask('A policy of the tenant that cuts lives', (given) => {
  const company = {
    pats: [{ displayName: 'Build feed', validTo: inDays(2) }],
    organization: { policies: { maximumLifespanDays: 7 } },
  };

  it('below renewBeforeDays is warned of with both numbers: each run would make another PAT', async () => {
    const { run } = await given(company);
    const { result, warnings } = await run({ ...advanced, renewBeforeDays: '10' });
    assert.equal(result, 'SucceededWithIssues');
    assert.match(
      warnings.join('\n'),
      /\(7 days\).*with renewBeforeDays 10 each run would make another one.*less than 7/,
    );
  });

  it('is no such thing where renewBeforeDays fits: the warning only says what was granted', async () => {
    const { run } = await given(company);
    const { warnings } = await run({ ...advanced, renewBeforeDays: '3' });
    assert.match(warnings.join('\n'), /\(7 days\).*set lifetimeDays to fit it/);
    assert.doesNotMatch(warnings.join('\n'), /each run would make another/);
    assert.equal((await run({ ...advanced, renewBeforeDays: '3', lifetimeDays: '7' })).written.length, 0);
  });

  it('refuses an extension where no number can help: mode advanced can, and the message says so', async () => {
    const { run } = await given({
      pats: [{ displayName: 'Build feed', validFrom: inDays(-30), validTo: inDays(10) }],
      organization: { policies: { maximumLifespanDays: 7 } },
    });
    const { line, result } = await run();
    assert.equal(result, 'Failed');
    assert.match(
      line('Build feed').message ?? '',
      /Mode advanced replaces it by a new one \(patLifespanPolicyViolation\)/,
    );
    assert.doesNotMatch(line('Build feed').message ?? '', /fewer days/);
  });
});
