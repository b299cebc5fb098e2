import type { TakenSecrets } from './secrets.ts';
import { environmentName } from './secrets.ts';

/** How the password came into the step: from the pipeline's variables, as far as they are to be seen. */
export interface Variables {
  readonly open: ReadonlyMap<string, string>;
  readonly secret: readonly string[];
}

/** Shorter values stand in a password by chance. */
const longEnough = 3;

export function variablesOf(environment: NodeJS.ProcessEnv, secrets: TakenSecrets): Variables {
  const open = new Map<string, string>();
  for (const name of ['sa_password', ...publicNames(environment.VSTS_PUBLIC_VARIABLES)]) {
    const value = environment[environmentName(name)];
    if (value !== undefined) open.set(name, value);
  }
  return { open, secret: [...secrets].flatMap(([name, value]) => (name.startsWith('SECRET_') ? [value] : [])) };
}

function publicNames(json: string | undefined): readonly string[] {
  try {
    const names: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * What may be wrong with a password that is refused: the agent replaces `$(name)` inside of it where there is such a
 * variable. Which one it may have been is not told: its value is a part of the password.
 */
export function mayHaveChanged(password: string, { open, secret }: Variables): readonly string[] {
  const holdsOne = [...open.values(), ...secret].some(
    (value) => value.length >= longEnough && value !== password && password.includes(value),
  );
  return holdsOne
    ? [
        'It may have arrived changed, too: it holds the value of a variable of this pipeline, and where $(…) stands in a ' +
          'password the agent puts that variable’s value. Then set a password without $(…).',
      ]
    : [];
}

/** A password that is not kept secret, as a warning that says what to click. */
export function openPassword(password: string, { open, secret }: Variables): readonly string[] {
  const [name] = [...open].find(([, value]) => value === password) ?? [];
  if (name !== undefined) {
    return [
      `The variable ${name} holds the service account’s password and is not secret: everybody who may see the pipeline can read ` +
        'it. Click the padlock beside its value (Pipelines > Library, or the pipeline’s Variables), save, and change the ' +
        'password, because it has been open.',
    ];
  }
  const isMadeOfSecrets = secret.some(
    (value) => value === password || (value.length > longEnough && password.includes(value)),
  );
  if (isMadeOfSecrets) return [];
  return [
    'The service account’s password is no secret variable’s value: it stands in the pipeline itself, for everybody who may ' +
      'read that or its history. Put it into a variable group (Pipelines > Library), click the padlock beside its value, ' +
      'give the input password as $(sa_password), and change the password, because it has been open.',
  ];
}
