import { type CommandName, flagOf, inputOptions, ownOptions, variableOf } from './options.ts';

/** Help in at most so many columns. */
const width = 100;

const summaries: Readonly<Record<CommandName, string>> = {
  'sign-in': 'A person signs in once; the refresh token goes into the vault.',
  renew: 'Renew the service account’s PATs, as the pipeline task does.',
  report: 'List every PAT and when it ends. Changes nothing.',
};

const general = `Renew PATs keeps the personal access tokens of an Azure DevOps service account alive, and never loses one.

Usage: renew-pats <command> [flags]

${Object.entries(summaries)
  .map(([name, summary]) => `  ${name.padEnd(9)} ${summary}`)
  .join('\n')}

  renew-pats <command> --help   all flags of a command, with examples
  renew-pats --version

Start here:
  1. renew-pats report  --organization contoso --tenant-id contoso.com --username svc@contoso.com
     asks for the password and shows what there is. Where a second factor is asked for: sign-in first.
  2. renew-pats renew   … --dry-run
     says what would be done.
  3. renew-pats renew   … from your scheduler.

Every flag can come from the environment too: --tenant-id is RENEWPATS_TENANT_ID. A flag wins over a variable. Secrets
have no flags: the password is RENEWPATS_PASSWORD, or typed, or --password-stdin.

The proxy is taken from HTTPS_PROXY and NO_PROXY, more certificate authorities from NODE_EXTRA_CA_CERTS or --ca-file.

Exit codes:
  0    done; there may be warnings
  1    some PAT failed or was refused; every other one was handled
  2    flags or environment are wrong; nothing was sent
  3    the sign-in failed, or no organization could be read; no PAT was touched
  70   a mistake in the program
  130  interrupted (Ctrl-C), 143 terminated: what had begun was finished, and the next run carries on
`;

const examples: Readonly<Record<CommandName, string>> = {
  'sign-in': `Opens nothing by itself: it shows an address and a code. Open the address on any machine, enter the code, and sign in
AS THE SERVICE ACCOUNT, with its second factor. The refresh token then goes into the secret, and nowhere else. It lives
for 90 days, and every run that uses it makes that 90 days again.

The account opens the vault itself, so it needs the role Key Vault Secrets Officer on that one secret (or on the vault).
If it must not have that, let an application do it: --azure-subscription environment.

Examples:
  renew-pats sign-in --tenant-id contoso.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --username svc-pats@contoso.com \\
    --refresh-token-secret https://contoso-kv.vault.azure.net/secrets/renew-pats-sign-in

  renew-pats sign-in … --browser
    where Conditional Access blocks device codes. The app registration needs http://localhost as a redirect address
    (platform "Mobile and desktop applications").
`,
  renew: `Values of new PATs go into the vault, and nowhere else: --mode advanced without --key-vault is refused.

Examples:
  RENEWPATS_PASSWORD=… renew-pats renew --organization contoso --tenant-id contoso.com \\
    --username svc-pats@contoso.com --lifetime-days 60 --renew-before-days 21

  renew-pats renew --mode advanced --organization contoso --tenant-id contoso.com \\
    --sign-in refresh-token --refresh-token-secret renew-pats-sign-in \\
    --key-vault contoso-kv --azure-subscription environment \\
    --pats 'Build*' --pats 'Deploy => deploy-token'
`,
  report: `Example:
  renew-pats report --organization contoso --tenant-id contoso.com --username svc-pats@contoso.com --json
`,
};

export function generalHelp(): string {
  return general;
}

export function commandHelp(command: CommandName): string {
  const rows = [
    ...inputOptions
      .filter((option) => option.commands.includes(command))
      .map(({ input, value, help }) => row(flagOf(input), value, `${help} [${variableOf(input)}]`)),
    ...ownOptions
      .filter((option) => option.commands.includes(command))
      .map(({ flag, value, help }) => row(flag, value, help)),
  ];
  const flags = rows.map(([left, right]) => `  ${left}\n${wrapped(right, 6)}`).join('\n');
  return `${summaries[command]}\n\nUsage: renew-pats ${command} [flags]\n\n${examples[command]}\nFlags [variable in their place]:\n${flags}\n`;
}

function row(flag: string, value: string | undefined, help: string): readonly [string, string] {
  return [value === undefined ? `--${flag}` : `--${flag} ${value}`, help];
}

function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((part) => ' '.repeat(indent) + part).join('\n');
}
