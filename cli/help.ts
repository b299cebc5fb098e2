import { type CommandName, commandOptions, flagsOf } from './options.ts';

const general = `Renew PATs keeps the personal access tokens of an Azure DevOps service account
alive, and never loses one.

Usage: renew-pats <command> [flags]

${commandOptions.map(({ name, help }) => `  ${name.padEnd(11)} ${help}`).join('\n')}

  renew-pats <command> --help   the flags of a command, and examples
  renew-pats -v, --version      the version

Start here:
  1. renew-pats report --organization contoso --tenant-id contoso.com \\
       --username svc@contoso.com
     asks for the password and shows what there is. Where a second factor is
     asked for: sign-in first.
  2. renew-pats renew … --dry-run
     says what would be done.
  3. renew-pats renew … from your scheduler.

Flags that set something up have a variable in their place: --tenant-id is
RENEWPATS_TENANT_ID. A flag wins over a variable. Secrets have no flags: the
password is RENEWPATS_PASSWORD, or typed, or --password-stdin.

The proxy is taken from HTTPS_PROXY and NO_PROXY, more certificate authorities
from NODE_EXTRA_CA_CERTS or --ca-file.

Exit codes:
  0    done; there may be warnings
  1    some PAT failed or was refused, or some organization could not be read;
       everything else was handled
  2    flags or environment are wrong; nothing was sent
  3    the sign-in failed, or no organization could be read; no PAT was touched
  4    done, and something needs a person: with --strict only
  70   a mistake in the program
  130  interrupted (Ctrl-C), 143 terminated: what had begun was finished, and
       the next run carries on
`;

/** What the lines of the flags have no room for. */
const notes: Readonly<Record<CommandName, string>> = {
  'sign-in': `It shows an address and a code. Open the address on any machine, enter the code,
and sign in AS THE SERVICE ACCOUNT, with its second factor. The refresh token
then goes into the secret, and nowhere else. It lives for 90 days, and every run
that uses it makes that 90 days again.

The account opens the vault itself, so it needs the role Key Vault Secrets
Officer on that one secret. If it must not have that, let an application do it:
--azure-subscription environment (AZURE_TENANT_ID, AZURE_CLIENT_ID and one of
AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE).

--browser signs in with a browser on this machine, where Conditional Access
blocks device codes. The app registration then needs the redirect address
http://localhost (platform "Mobile and desktop applications").
`,
  status: `Reads what the vault tells of the stored refresh token: whose it is, when it was
stored, and when it ends. The token itself is neither read nor used, so whether
Entra ID still takes it only a run can tell. Ends with 3 if nobody is signed in.
`,
  renew: `--mode simple pushes the end of each PAT out; the value stays. advanced makes
new PATs, stores their values in their places and nowhere else, and revokes the
old ones in a later run. revoke only revokes what was replaced long enough ago.

--pats takes a glob, !glob (leave out) or "glob => place, place …"; the last
rule that matches wins. A place is a secret’s name, group:project/group/variable
or connection:project/name. Without one in the rule, --key-vault and
--variable-group say where values go.

Nobody can read the value of a variable or a service connection back, so one
that this has not written yet is left alone, unless --take-over says otherwise.

--azure-subscription says who opens the vault: environment (AZURE_TENANT_ID,
AZURE_CLIENT_ID and one of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH,
AZURE_FEDERATED_TOKEN_FILE) or managed-identity (this machine’s;
AZURE_CLIENT_ID chooses one). Default: the account itself; --sign-in
refresh-token needs one of the two.

--deploy-hook runs a command in the shell once for each new PAT, as soon as its
value is in its place, with RENEWED_PAT, RENEWED_ORGANIZATION, RENEWED_PLACE,
RENEWED_ENDS and RENEWED_OLD_ENDS set; never with the value. That it fails is
told, and undoes nothing.
`,
  report: `--pats takes a glob or !glob (leave out); the last rule that matches wins.
`,
  completion: `Completes commands, flags and values, with the Tab key.
`,
};

const examples: Readonly<Record<CommandName, string>> = {
  'sign-in': `  renew-pats sign-in --tenant-id contoso.com --username svc@contoso.com \\
    --client-id 11111111-2222-3333-4444-555555555555 \\
    --refresh-token-secret https://contoso-kv.vault.azure.net/secrets/sign-in
  renew-pats sign-in … --browser
`,
  status: `  renew-pats status --tenant-id contoso.com \\
    --azure-subscription managed-identity \\
    --refresh-token-secret https://contoso-kv.vault.azure.net/secrets/sign-in
`,
  renew: `  RENEWPATS_PASSWORD=… renew-pats renew --organization contoso \\
    --tenant-id contoso.com --username svc@contoso.com --renew-before-days 21

  renew-pats renew --mode advanced --organization contoso \\
    --tenant-id contoso.com --sign-in refresh-token \\
    --refresh-token-secret sign-in --key-vault contoso-kv \\
    --azure-subscription environment \\
    --pats 'Build*' --pats 'Deploy => deploy-token' \\
    --deploy-hook 'kubectl rollout restart deployment/builds'
`,
  report: `  renew-pats report --organization contoso --tenant-id contoso.com \\
    --username svc@contoso.com --output tsv
`,
  completion: `  source <(renew-pats completion bash)
  source <(renew-pats completion zsh)
  renew-pats completion powershell | Out-String | Invoke-Expression
`,
};

export function generalHelp(): string {
  return general;
}

export function commandHelp(command: CommandName): string {
  const summary = commandOptions.find(({ name }) => name === command)?.help ?? '';
  const rows = flagsOf(command).map(({ name, value, help }) => ({
    left: value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  const flags = rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`).join('\n');
  const usage = command === 'completion' ? '<bash|zsh|powershell>' : '[flags]';
  return (
    `${summary}\n\nUsage: renew-pats ${command} ${usage}\n\nFlags:\n${flags}\n\n` +
    `${notes[command]}\nExamples:\n${examples[command]}`
  );
}
