import type { RunReport } from '../src/report/run-report.ts';
import type { InputName } from '../src/settings/inputs.ts';
import { flagOf, inputOptions, variableOf } from './options.ts';

const inputNames = inputOptions.map(({ input }) => input);
/** An input, as the engine's sentences name it. */
const anInput = `(?:${inputNames.join('|')})\\b`;

/** Says of the engine’s sentences, which speak of a task’s inputs, what they mean on a command line. */
export function inCommandWords(text: string): string {
  const named = ownNames.reduce((told, [from, to]) => told.replaceAll(from, to), text);
  // What stands in quotation marks is somebody's name or text, and none of ours.
  return named.replace(/"[^"\n]*"|[^"]+|"/g, (part) =>
    part.length > 1 && part.startsWith('"') ? part : inOwnWords(part),
  );
}

/** A whole report in these words. */
export function reportInCommandWords(report: RunReport): RunReport {
  const { failure } = report;
  return {
    ...report,
    warnings: report.warnings.map(inCommandWords),
    notices: report.notices.map(inCommandWords),
    unreachable: report.unreachable.map((one) => ({ ...one, message: inCommandWords(one.message) })),
    organizations: report.organizations.map((organization) => ({
      ...organization,
      pats: organization.pats.map((entry) =>
        entry.message === undefined ? entry : { ...entry, message: inCommandWords(entry.message) },
      ),
    })),
    ...(failure === undefined ? {} : { failure: inCommandWords(failure) }),
  };
}

/** The two identities that a command has in place of service connections. */
const ownNames: readonly (readonly [string, string])[] = [
  ['service connection "environment"', 'the application of AZURE_CLIENT_ID'],
  ['service connection "managed-identity"', 'the managed identity'],
];

function inOwnWords(text: string): string {
  const told = text
    .replace(new RegExp(`\\bInput (${anInput}|password): `, 'g'), (_, name: InputName) => `${namedFully(name)}: `)
    .replace(
      new RegExp(`\\b(?:the )?inputs? (${anInput}(?:, ${anInput})*(?:,? (?:and|or) ${anInput})?)`, 'g'),
      (_, list) => flagged(list, inputNames),
    )
    .replaceAll('signIn: refreshToken', '--sign-in refresh-token')
    .replaceAll('signIn refreshToken', '--sign-in refresh-token');
  return words.reduce((so, [from, to]) => so.replace(from, to), flagged(told, capitalNames));
}

/** Such as `tenantId`: no word of any language, so it needs no `input` before it. */
const capitalNames = inputNames.filter((name) => /[A-Z]/.test(name));

function flagged(text: string, names: readonly InputName[]): string {
  return text.replace(
    new RegExp(`(?<![-\\w./])(?:${names.join('|')})\\b`, 'g'),
    (name) => `--${flagOf(name as InputName)}`,
  );
}

function namedFully(input: InputName): string {
  return input === 'password' ? variableOf(input) : `--${flagOf(input)} (or ${variableOf(input)})`;
}

/** In this order: what is longer comes before what it holds. */
const words: readonly (readonly [RegExp, string])[] = [
  [/\binputs need attention/g, 'flags or variables need attention'],
  [/\bleave the input out\b/g, 'leave it out'],
  [/\ba template expression or a variable\b/g, 'a variable'],
  [/\bSet (--[a-z-]+) to true\b/g, 'Give $1'],
  [/\bthe variables sa_username and sa_password\b/g, '--username and RENEWPATS_PASSWORD'],
  [/\bsa_username\b/g, '--username'],
  [/\band tenantid\b/g, 'and --tenant-id'],
  [/\b(?:this|the) task\b/gi, 'renew-pats'],
  [/\bThe job was cancelled\b/g, 'The run was stopped'],
  [/\bthe job was cancelled\b/g, 'the run was stopped'],
  [/\b(this|the) step\b/g, '$1 command'],
  [/\ba step\b/g, 'a run'],
  [/\bthe agent’s proxy\b|\bthe proxy of the agent\b/g, 'the proxy'],
  [/\bThe agent’s proxy\b/g, 'The proxy'],
  [/\bConfigure the agent with --proxyusername and --proxypassword\./g, 'Put user name and password into HTTPS_PROXY.'],
  [/\bCheck Agent\.ProxyUrl\./g, 'Check HTTPS_PROXY.'],
  [
    /\bauthority to the agent \(config with --sslcacert\) or set NODE_EXTRA_CA_CERTS on the agent machine\./g,
    'authority with --ca-file, or set NODE_EXTRA_CA_CERTS.',
  ],
  [/\bthe agent’s machine\b|\bthe agent machine\b/g, 'this machine'],
  [/\bthe agents’ addresses\b/g, 'this machine’s address'],
  [/\b(?:the|this) agent\b/g, 'this machine'],
  [/\b(?:an|a self-hosted) agent\b/g, 'a machine'],
  [/\b([Ll])et a service connection open the vault\b/g, '$1et another identity open the vault'],
  [/\ba service connection that may open the vault\b/g, 'an identity that may open the vault'],
  [/\bor the service connection\b/g, 'or AZURE_TENANT_ID'],
  [/\bor renew the service connection\b/g, 'or name another one in AZURE_CLIENT_CERTIFICATE_PATH'],
  [/\bwhat the service connection shows\b/g, 'the token in AZURE_FEDERATED_TOKEN_FILE'],
  [/\b([Tt]he) service connection’s (secret|certificate)\b/g, '$1 application’s $2'],
];
