import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { exitCodes } from '../../cli/exit-codes.ts';
import { inputOptions, variableOf } from '../../cli/options.ts';
import { inCommandWords } from '../../cli/wording.ts';
import { defaults } from '../../src/settings/input-reading.ts';
import { runCommand } from './run-command.ts';

const help = async (...args: string[]) => (await runCommand(undefined, args)).stdout;

describe('the help of the command', () => {
  it('is shown without a command, and names each exit code', async () => {
    const text = await help();
    assert.equal(text, await help('--help'));
    for (const code of Object.values(exitCodes)) assert.match(text, new RegExp(`\\b${code}\\b`));
    const page = readFileSync('docs/command.md', 'utf8');
    for (const code of Object.values(exitCodes)) assert.match(page, new RegExp(`^\\| ${code} \\|`, 'm'));
  });

  for (const command of ['sign-in', 'renew', 'report'] as const) {
    it(`of ${command} has each of its flags with its variable, in lines that fit`, async () => {
      const text = await help(command, '--help');
      assert.equal(text, await help('help', command));
      const joined = text.replace(/\s+/g, ' ');
      for (const { input, commands } of inputOptions) {
        assert.equal(joined.includes(`[${variableOf(input)}]`), commands.includes(command), input);
      }
      const flags = text.slice(text.indexOf('Flags ['));
      assert.ok(flags.split('\n').every((line) => line.length <= 100));
    });
  }

  it('has a flag for each input of the task but those that only a pipeline has, and the password', () => {
    const task = JSON.parse(readFileSync('tasks/RenewPats/task.json', 'utf8'));
    const names: string[] = task.inputs.map(({ name }: { name: string }) => name);
    const missing = names.filter((name) => !inputOptions.some(({ input }) => input === name));
    assert.deepEqual(missing.sort(), ['handedOver', 'password', 'setOutputVariables']);
  });

  it('names the defaults that are in force', async () => {
    const text = (await help('renew', '--help')).replace(/\s+/g, ' ');
    for (const name of [
      'lifetimeDays',
      'revokeAfterHours',
      'warnDays',
      'concurrency',
      'allOrgs',
      'secretName',
    ] as const) {
      const option = inputOptions.find(({ input }) => input === name);
      assert.ok(option?.help.endsWith(`Default: ${defaults[name]}.`), name);
      assert.ok(text.includes(`Default: ${defaults[name]}.`), name);
    }
  });

  for (const { args, expected } of [
    { args: ['renw'], expected: /There is no command "renw"\. The commands are: sign-in, renew, report\./ },
    { args: ['renew', '--lifetime'], expected: /There is no flag --lifetime\./ },
    { args: ['renew', 'contoso'], expected: /There is an argument that belongs to no flag/ },
    { args: ['renew', '--mode'], expected: /The flag --mode is used in a way/ },
    { args: ['report', '--lifetime-days', '3'], expected: /There is no flag --lifetime-days\./ },
    {
      args: ['renew', '--azure-subscription', 'prod', '--key-vault', 'kv1'],
      expected: /"prod" is neither environment nor managed-identity/,
    },
  ]) {
    it(`answers ${args.join(' ')} with what is wrong and where to read on`, async () => {
      const run = await runCommand(undefined, args);
      assert.equal(run.code, 2);
      assert.match(run.stderr, expected);
      assert.match(run.stderr, /See: renew-pats .*--help/);
    });
  }
});

describe('the words of the command', () => {
  for (const [given, expected] of [
    ['Input tenantId: it is wrong.', '--tenant-id (or RENEWPATS_TENANT_ID): it is wrong.'],
    ['Check the inputs tenantId, clientId and authorityHost.', 'Check --tenant-id, --client-id and --authority-host.'],
    ['Check the input organization: the name', 'Check --organization: the name'],
    ['in the input pats ("name => secret-name")', 'in --pats ("name => secret-name")'],
    ['the input box', 'the input box'],
  ] as const) {
    it(`for ${JSON.stringify(given)} are ${JSON.stringify(expected)}`, () =>
      assert.equal(inCommandWords(given), expected));
  }
});
