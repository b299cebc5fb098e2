import type { ServiceConnection } from '../services/service-connection.ts';
import type { InputName, Inputs } from './inputs.ts';

/** All that is wrong with the inputs, one sentence each. */
export class InputProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? (problems[0] ?? '')
        : `${problems.length} inputs need attention:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
    this.name = 'InputProblems';
    this.problems = problems;
  }
}

/** What an empty input means. Those that are variables are looked up in the pipeline. */
export const defaults: Readonly<Partial<Record<InputName, string>>> = {
  mode: 'simple',
  organization: '$(System.CollectionUri)',
  signIn: 'password',
  username: '$(sa_username)',
  password: '$(sa_password)',
  tenantId: '$(tenantid)',
  clientId: '1950a258-227b-4e31-a9cf-717495945fc2',
  lifetimeDays: '60',
  revokeAfterHours: '48',
  pats: '*',
  allOrgs: 'keep',
  includeExpired: 'false',
  secretName: '{pat}',
  takeOver: 'false',
  handedOver: '$(RenewPats.HandedOver)',
  setOutputVariables: 'false',
  warnDays: '14',
  dryRun: 'false',
  concurrency: '8',
  authorityHost: 'https://login.microsoftonline.com',
};

/** What the default of an input would do, where nothing but a slip empties it: a template's expression gave nothing. */
const notEmpty: Readonly<Partial<Record<InputName, string>>> = {
  pats: 'the default (*) would select every PAT. Write * if that is meant',
  dryRun: 'the default (false) would write. Write true or false',
};

/** Names may hold such characters; here they are only ever a copy's leftover. */
const maybeInvisible: readonly InputName[] = ['password', 'pats', 'variableGroup'];

/** How the pages write the password's variable; a variable group that is linked to a vault allows no underscore. */
export const usualPassword = /^\s*\$\(sa[-_]password\)\s*$/i;

/** Reads one input after the other and collects what is wrong. */
export class InputReading {
  readonly problems: string[] = [];
  readonly #inputs: Inputs;

  constructor(inputs: Inputs) {
    this.#inputs = inputs;
  }

  problem(name: InputName, sentence: string): undefined {
    const problem = `Input ${name}: ${sentence}`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
    return undefined;
  }

  isGiven(name: InputName): boolean {
    return this.#given(name).trim() !== '';
  }

  /** Whether the default counts: nothing is given, or the very text of the default. */
  isDefault(name: InputName): boolean {
    return !this.isGiven(name) || this.#given(name).trim().toLowerCase() === defaults[name]?.toLowerCase();
  }

  /** The text, its default if empty; undefined if there is none, or it names a variable that is not there. */
  text(name: InputName): string | undefined {
    const given = this.#given(name);
    // A password keeps the blanks that it may have.
    const trimmed = name === 'password' ? given : given.trim();
    if (trimmed === '' && notEmpty[name] !== undefined && this.#inputs.read(name) !== undefined) {
      return this.problem(
        name,
        `it is given and empty, as where a template expression or a variable holds nothing; ${notEmpty[name]}, or leave the input out.`,
      );
    }
    const text = trimmed === '' ? this.#default(name) : trimmed;
    const expanded = text === '' ? undefined : this.#expanded(name, text);
    const unseen = expanded === undefined || maybeInvisible.includes(name) ? undefined : invisibleIn(expanded);
    return unseen === undefined ? expanded : this.problem(name, `${unseen} Type it anew.`);
  }

  #given(name: InputName): string {
    return this.#inputs.read(name) ?? '';
  }

  #default(name: InputName): string {
    const text = defaults[name] ?? '';
    return this.#inputs.variable === undefined && text.startsWith('$(') ? '' : text;
  }

  required(name: InputName, what: string): string | undefined {
    const before = this.problems.length;
    const text = this.text(name);
    if (text === undefined && this.problems.length === before) this.problem(name, `${what} is needed and missing.`);
    return text;
  }

  choice<T extends string>(name: InputName, allowed: readonly [T, ...T[]]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const chosen = allowed.find((value) => value.toLowerCase() === text.toLowerCase());
    return chosen ?? this.problem(name, `${quoted(text)} is not one of ${allowed.join(', ')}.`);
  }

  flag(name: InputName): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text === 'true') return true;
    if (text !== 'false' && text !== undefined) this.problem(name, `${quoted(text)} is neither true nor false.`);
    return false;
  }

  whole(name: InputName, from: number, to: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= from && number <= to) return number;
    return this.problem(name, `${quoted(text)} is not a whole number from ${from} to ${to}.`);
  }

  httpsUrl(name: InputName): URL | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const url = asHttps(text);
    return typeof url === 'string' ? this.problem(name, url) : url;
  }

  serviceConnection(name: InputName, id: string): ServiceConnection | undefined {
    const found = this.#inputs.serviceConnection(id);
    return typeof found === 'string' ? this.problem(name, found) : found;
  }

  /** The agent leaves `$(name)` as it is when the pipeline has no such variable. */
  #expanded(name: InputName, text: string): string | undefined {
    const { variable } = this.#inputs;
    if (variable === undefined) return text;
    const whole = /^\$\(([^()]+)\)$/.exec(text.trim())?.[1];
    const found = whole === undefined ? undefined : lookUp(variable, whole);
    if (found !== undefined && found !== '') return found;
    const expression =
      name === 'password' ? undefined : /\$\[.+?\]|\$\{\{.+?\}\}/s.exec(withoutComments(name, text))?.[0];
    if (expression !== undefined) {
      return this.problem(
        name,
        `it reads ${quoted(expression)}, an expression that nobody evaluated: $[…] works in variables and conditions only, a template ` +
          'expression in YAML only. Put it into a variable, and give that as $(name).',
      );
    }
    const missing = missingVariables(name, text, whole);
    for (const variable of missing) {
      // It may be a password that only looks like that: what it reads is shown for the names that the pages give it alone.
      if (name === 'password' && !usualPassword.test(`$(${variable})`)) {
        this.problem(
          name,
          'it has the form $(…), which is not shown because it may be secret, and the pipeline has no variable of that name. ' +
            'Define the variable (a secret one is seen only if its variable group is linked to this pipeline). A password that ' +
            'really has this form cannot come through a pipeline: set another one.',
        );
        continue;
      }
      this.problem(
        name,
        `it reads ${quoted(`$(${variable})`)}, so the pipeline has no variable ${variable}. Define it (a secret one too is ` +
          'seen only if its variable group is linked to this pipeline), or give the input a value.',
      );
    }
    return missing.length === 0 ? text : undefined;
  }
}

/** The variables that a text still asks for. Inside a password, $(…) may be meant as it stands. */
function missingVariables(name: InputName, text: string, whole: string | undefined): readonly string[] {
  if (name === 'password') return whole === undefined ? [] : [whole];
  return [
    ...new Set([...withoutComments(name, text).matchAll(/\$\(([^()]+)\)/g)].flatMap(([, variable]) => variable ?? [])),
  ];
}

/** Rules may have comments, which ask for nothing. */
function withoutComments(name: InputName, text: string): string {
  return name === 'pats' ? text.replace(/^\s*#.*$/gm, '') : text;
}

/** A sentence that names the first character that nobody sees; undefined: there is none. */
export function invisibleIn(text: string): string | undefined {
  const [character] = /[\p{Cf}\p{Zl}\p{Zp}]|[^\P{Cc}\r\n\t]/u.exec(text) ?? [];
  if (character === undefined) return undefined;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `${quoted(text)} holds a character that nobody sees (U+${code}), as it comes with a copy.`;
}

function lookUp(variable: (name: string) => string | undefined, name: string): string | undefined {
  const found = variable(name);
  if (found !== undefined && found !== '') return found;
  // Classic releases on some servers know the collection by its older name only.
  return name.toLowerCase() === 'system.collectionuri' ? variable('System.TeamFoundationCollectionUri') : undefined;
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** Without what stands before an @ in an address: it may be a password. */
function withoutUser(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//…@');
}

/** An https URL, or a sentence that says why it is none. A host without a scheme is taken as https. */
export function asHttps(text: string): URL | string {
  if (/^http:\/\//i.test(text)) return `${quoted(withoutUser(text))} would send secrets in the clear. Use https://.`;
  const url = tryUrl(text);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    return `${quoted(withoutUser(text))} is not an https:// address.`;
  }
  return url;
}

function tryUrl(text: string): URL | null {
  try {
    return new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return null;
  }
}
