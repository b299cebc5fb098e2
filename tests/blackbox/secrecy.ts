import { escapeText } from '../../simulator/agent/logging-command.ts';
import type { TaskJob, TaskRun } from '../../simulator/agent/run-task.ts';
import type { Simulator } from '../../simulator/index.ts';

/** I8: where a secret value shows that must not; a sentence each, without the value. */
export function leaks(run: TaskRun, secrets: Iterable<string>): readonly string[] {
  const places: [string, string][] = [
    ['what the process printed', unregistered(run.rawOutput)],
    ['the masked log', run.log],
    ['an issue', run.issues.map(({ message }) => message).join('\n')],
    ['the progress', run.progress.map(({ operation }) => operation).join('\n')],
    ...run.summaries.map(({ text }): [string, string] => ['the summary', text]),
    ...run.attachments.map(({ name, content }): [string, string] => [`the attachment ${name}`, content]),
    ...[...run.files].map(([path, content]): [string, string] => [`the file ${path}`, content]),
  ];
  for (const [name, { value, isSecret }] of run.outputs) if (!isSecret) places.push([`the output ${name}`, value]);
  const found = new Set<string>();
  for (const secret of secrets) {
    for (const [form, text] of formsOf(secret)) {
      for (const [place, content] of places) {
        if (content.includes(text)) found.add(`a secret of ${secret.length} characters shows ${form} in ${place}`);
      }
    }
  }
  return [...found];
}

/** The task's output without the two commands in which a secret has to stand. */
function unregistered(rawOutput: string): string {
  const isCommand = (line: string) =>
    line.startsWith('##vso[task.setsecret]') || /^##vso\[task\.setvariable [^\]]*\bissecret=true\b/i.test(line);
  return rawOutput
    .split('\n')
    .filter((line) => !isCommand(line))
    .join('\n');
}

function formsOf(secret: string): readonly (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(secret);
  // Base64 looks different at each of the three places in which a secret may begin; the ends depend on what surrounds it.
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  );
  const texts = [
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ form: secret }).toString().slice('form='.length)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ] as const;
  return [
    ...texts,
    // The agent repeats commands in its debug log as they came.
    ...texts.map(([form, text]) => [`${form}, escaped for a command,`, escapeText(text)] as const),
    ['in hexadecimal', bytes.toString('hex')],
    ...inBase64.map((text) => ['in Base64', text] as const),
    ...inBase64.map((text) => ['in Base64', text.replaceAll('+', '-').replaceAll('/', '_')] as const),
  ];
}

const shortest = 8;

/** Every secret there is: of the world, of the job, and what travelled between the two. */
export function secretsOf(simulator: Simulator, job: TaskJob): ReadonlySet<string> {
  const { world, requests } = simulator;
  const secrets = new Set<string>();
  const add = (value: string | undefined) => {
    for (const line of (value ?? '').split('\n')) {
      if (line.length >= shortest && !line.startsWith('-----')) secrets.add(line);
    }
  };
  for (const pat of world.pats.all()) add(pat.value);
  for (const given of Object.values(job.variables ?? {}))
    if (typeof given !== 'string' && given.secret) add(given.value);
  for (const { parameters } of Object.values(job.endpoints ?? {})) {
    add(parameters.serviceprincipalkey);
    add(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*/.exec(parameters.servicePrincipalCertificate ?? '')?.[0]);
  }
  add(job.accessToken);
  add(job.proxy?.password);
  for (const { headers, answer, operation, body } of requests) {
    add(/^(?:Bearer|Basic) (.*)$/.exec(headers.authorization ?? '')?.[1]);
    if (operation.startsWith('entra.token')) for (const value of tokensIn(answer?.body)) add(value);
    if (operation.startsWith('vault.')) for (const text of [body, answer?.body]) add(valueIn(text));
  }
  return secrets;
}

function tokensIn(body: string | undefined): readonly string[] {
  const json = parsed(body);
  return ['access_token', 'refresh_token', 'id_token'].map((name) => String(json[name] ?? ''));
}

function valueIn(body: string | undefined): string {
  const { value } = parsed(body);
  return typeof value === 'string' ? value : '';
}

function parsed(body: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(body ?? '') };
  } catch {
    return {};
  }
}
