import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import { describePackagedTask } from './on-each-node.ts';
import { inDays, type StepRun } from './situation.ts';

const names = [
  '##vso[task.setvariable variable=planted]y',
  'two lines\n##vso[task.setvariable variable=planted]y',
  'carriage return\r##vso[task.setvariable variable=planted]y',
  'separator\u2028##vso[task.setvariable variable=planted]y',
  'escaped%0A##vso[task.setvariable variable=planted]y',
  '  ##vso[task.complete result=Failed]',
  '##[error]not an error',
  'a | b || c \\| d',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[a link](https://example.com) ![a picture](https://example.com/x.png)',
  '`code` *bold* _it_ ~~gone~~ # head',
  'right to left \u202egnp.exe\u202c and \u2066isolated\u2069',
  'nothing\u0000and\u001bescape[31m',
  '$(sa_password) %PATH%',
];

const known = [
  'debug',
  'setsecret',
  'setvariable',
  'setprogress',
  'uploadsummary',
  'addattachment',
  'issue',
  'logissue',
  'complete',
];

/** No text of a PAT or a service became a command, and no table lost its shape. */
function assertHarmless(run: StepRun): void {
  const commands = run.raw.rawOutput.split(/\r\n|\r|\n|\u2028/).filter((line) => /^\s*##vso\[/.test(line));
  for (const line of commands) {
    if (line === '##vso[build.addbuildtag]renew-pats') continue;
    const name = /^##vso\[task\.(\w+)[ \]]/.exec(line)?.[1] ?? line;
    assert.ok(known.includes(name), line);
  }
  assert.equal(commands.filter((line) => line.startsWith('##vso[task.complete')).length, 1);
  assert.equal(run.raw.variables.get('planted'), undefined);
  assert.ok(![...run.raw.outputs.keys()].includes('planted'));
  assert.doesNotMatch(run.raw.log, /[^\P{Cc}\n\t]|\p{Bidi_Control}/u);

  const { summary } = run;
  assert.doesNotMatch(summary, /<script|<img|\]\(https?:|\p{Bidi_Control}/u);
  const rows = summary.split('\n').filter((line) => line.startsWith('|'));
  assert.ok(rows.length > 2);
  const cells = (row: string) => row.split('|').length;
  for (const row of rows) assert.equal(cells(row), cells(rows[0] ?? ''), row);
}

describePackagedTask('Text that others wrote is text, and nothing else:', (given) => {
  const pats = names.map((displayName) => ({ displayName }));
  const told = (run: StepRun) => new Set(run.pats.map(({ displayName }) => displayName));

  it('names of PATs in mode simple, also with System.Debug', async () => {
    const { run } = await given({ pats });
    for (const debug of [false, true]) {
      const done = await run({ lifetimeDays: debug ? '70' : '60' }, { debug });
      assertHarmless(done);
      assert.equal(done.outputs.renewedCount, String(names.length));
      assert.deepEqual(told(done), new Set(names));
    }
  });

  it('names of PATs in warnings and errors', async () => {
    const { run } = await given({
      pats: [...pats, ...names.map((displayName) => ({ displayName: `${displayName}!`, validTo: inDays(-1) }))],
    });
    const refused = await run({ allOrgs: 'true' });
    assertHarmless(refused);
    assert.equal(refused.outputs.failedCount, String(names.length));
    assertHarmless(await run({ mode: 'report' }));
  });

  it('names of PATs in mode advanced, on their way to a vault and to variables', async () => {
    const rules = names.map((_, index) => `*${index} => secret-${index}`).join('\n');
    const { run, named } = await given({ pats: names.map((name, index) => ({ displayName: `${name} ${index}` })) });
    const done = await run(
      { mode: 'advanced', keyVault: 'contoso-vault', setOutputVariables: 'true', pats: rules },
      { debug: true },
    );
    assertHarmless(done);
    assert.equal(done.outputs.renewedCount, String(names.length));
    for (const name of done.secretOutputs) assert.match(name, /^PAT_[A-Z0-9_]+$/);
    assert.equal(done.outputs.PAT_VSO_TASK_SETVARIABLE_VARIABLE_PLANTED_Y_0, named(`${names[0]} 0`)[1]?.value);
    assertHarmless(await run({ mode: 'advanced' }));
  });

  it('messages of a service', async () => {
    const { run, faults } = await given({ pats: [{ displayName: 'Build feed' }] });
    faults.always('pats.update', {
      kind: 'answer',
      answer: json(200, { patToken: null, patTokenError: 'somethingNew', patTokenErrorMessage: names.join('\n') }),
    });
    const refused = await run();
    assertHarmless(refused);
    assert.match(refused.line('Build feed').message ?? '', /somethingNew/);
  });
});
