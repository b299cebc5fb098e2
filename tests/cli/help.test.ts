import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { exitCodes } from '../../cli/exit-codes.ts';
import { commandOptions, flagsOf, inputOptions } from '../../cli/options.ts';
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

  for (const { name: command } of commandOptions) {
    it(`of ${command} has each of its flags in one line, examples at the end, and nothing wider than 80 columns`, async () => {
      const text = await help(command, '--help');
      assert.equal(text, await help('help', command));
      const listed = [...text.matchAll(/^ {2}(--[\w-]+)(?: [A-Z]+)? {2,}\S/gm)].map(([, flag = '']) => flag);
      assert.deepEqual(
        listed,
        flagsOf(command).map(({ name }) => `--${name}`),
      );
      for (const line of text.split('\n')) assert.ok([...line].length <= 80, line);
      assert.match(text, /\nExamples:\n(?: {2,}.+\n|\n)+$/);
    });
  }

  it('in general is no wider than 80 columns either, and names each command', async () => {
    const text = await help();
    for (const line of text.split('\n')) assert.ok([...line].length <= 80, line);
    for (const { name, help: told } of commandOptions) assert.ok(text.includes(`${name.padEnd(11)} ${told}`), name);
  });

  it('shows only flags that there are, in its examples and on its page', async () => {
    const page = readFileSync('docs/command.md', 'utf8');
    const texts = [page, ...(await Promise.all(commandOptions.map(({ name }) => help(name, '--help'))))];
    const known = new Set(commandOptions.flatMap(({ name }) => flagsOf(name)).map(({ name }) => `--${name}`));
    const others = new Set(['--version', '--global', '--yes']);
    for (const text of texts)
      for (const flag of text.match(/(?<![\w-])--[a-z][\w-]*/g) ?? [])
        assert.ok(known.has(flag) || others.has(flag), flag);
  });

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

  it('says the version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const flag of ['-v', '--version']) assert.equal(await help(flag), `${version}\n`);
  });

  for (const { args, expected } of [
    { args: ['renw'], expected: /There is no command "renw"\. Did you mean renew-pats renew\?/ },
    { args: ['signin'], expected: /Did you mean renew-pats sign-in\?/ },
    { args: ['comp'], expected: /Did you mean renew-pats completion\?/ },
    { args: ['login'], expected: /The commands are: sign-in, status, report, renew, completion\./ },
    { args: ['--dry-run', 'renew'], expected: /The command comes first: / },
    { args: ['renew', '--lifetime'], expected: /There is no flag --lifetime\. Did you mean --lifetime-days\?/ },
    { args: ['renew', '--tenantid', 'x'], expected: /There is no flag --tenantid\. Did you mean --tenant-id\?/ },
    { args: ['renew', '--orgnaization=x'], expected: /Did you mean --organization\?/ },
    { args: ['help', 'renw'], expected: /Did you mean renew-pats renew\?/ },
    { args: ['renew', '-v'], expected: /--verbose tells of each request, renew-pats -v the version\./ },
    { args: ['renew', '-o', 'xml'], expected: /--output: "xml" is not one of/ },
    { args: ['renew', '--colour'], expected: /There is no flag --colour\.\nSee/ },
    {
      args: ['report', '--lifetime-days', '3'],
      expected: /--lifetime-days is no flag of report\. It belongs to renew\./,
    },
    { args: ['renew', 'contoso'], expected: /There is an argument that belongs to no flag/ },
    { args: ['renew', '--mode'], expected: /The flag --mode needs a value\./ },
    { args: ['renew', '--dry-run=maybe'], expected: /The flag --dry-run takes no value: it is given, or left out\./ },
    { args: ['renew', '--output', 'xml'], expected: /--output: "xml" is not one of table, json, tsv, none\./ },
    { args: ['renew', '--json', '--output', 'tsv'], expected: /--json and --output tsv disagree\./ },
    { args: ['completion'], expected: /Name one shell: bash, zsh, powershell\./ },
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
