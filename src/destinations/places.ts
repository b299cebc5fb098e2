/** A place that a rule of the input `pats` names, or that an input gives to all rules without one. */
export type WantedPlace =
  | { readonly kind: 'secret'; readonly name: string }
  | {
      readonly kind: 'group';
      readonly project: string;
      readonly group: string;
      /** Undefined: the PAT's own name makes one (`PAT_<NAME>`). */
      readonly variable: string | undefined;
    }
  | { readonly kind: 'connection'; readonly project: string; readonly name: string };

export interface VariableGroup {
  readonly project: string;
  readonly group: string;
}

/** What a secret may be called in Key Vault (1 to 127 characters). */
export const secretNamePattern = /^[0-9A-Za-z-]+$/;

const forms =
  'a place is a secret’s name, secret:name, group:project/group/variable or connection:project/name (%2F, %2C and %25 stand ' +
  'for /, , and %)';

/** Reads one place of a rule's right side; otherwise a sentence without a full stop that says what is wrong. */
export function parsePlace(text: string): WantedPlace | string {
  const [, prefix, rest = ''] = /^([a-z]+):(.*)$/is.exec(text) ?? [];
  switch (prefix?.toLowerCase()) {
    case undefined:
      return /[:/]/.test(text) ? `${JSON.stringify(text)} is no place: ${forms}` : parseSecret(text);
    case 'secret':
      return parseSecret(rest.trim());
    case 'group':
      return parseVariable(text, parts(rest));
    case 'connection':
      return parseConnection(text, parts(rest));
    default:
      return `${JSON.stringify(text)} is no place: ${forms}`;
  }
}

/** Reads `project/group`; otherwise a sentence without a full stop that says what is wrong. */
export function parseVariableGroup(text: string): VariableGroup | string {
  const [project = '', group = '', ...more] = parts(text);
  const names = project === '' || group === '' || more.length > 0;
  if (names) return `${JSON.stringify(text)} is not project/group (%2F stands for a / in a name)`;
  return nameProblem(project) ?? nameProblem(group) ?? { project, group };
}

/** The places of a rule that the settings have checked. */
export function checkedPlaces(texts: readonly string[]): readonly WantedPlace[] {
  return texts.map((text) => {
    const place = parsePlace(text);
    if (typeof place === 'string') throw new Error('places are checked with the settings');
    return place;
  });
}

/** Two places that are one have one key: the services ignore the case of all these names. */
export function placeKey(place: WantedPlace): string {
  const names =
    place.kind === 'secret'
      ? [place.name]
      : place.kind === 'group'
        ? [place.project, place.group, place.variable ?? '']
        : [place.project, place.name];
  return JSON.stringify([place.kind, ...names.map((name) => name.toLowerCase())]);
}

function parseSecret(name: string): WantedPlace | string {
  if (name === '') return 'the name of the secret is missing after secret:';
  if (!secretNamePattern.test(name)) return 'a secret name has only letters, digits and -';
  if (name.length > 127) return 'a secret name has at most 127 characters';
  return { kind: 'secret', name };
}

function parseVariable(text: string, [project = '', group = '', variable = '', ...more]: readonly string[]) {
  if (project === '' || group === '' || variable === '' || more.length > 0) {
    return `${JSON.stringify(text)} is not group:project/group/variable (%2F stands for a / in a name)`;
  }
  if (variable.length > 400) return 'a variable’s name has at most 400 characters';
  // Such a variable would be taken for the record beside another one.
  if (/_RenewPats$/i.test(variable))
    return 'a variable’s name cannot end in _RenewPats: this task keeps its notes there';
  const place = { kind: 'group', project, group, variable } as const;
  return nameProblem(project) ?? nameProblem(group) ?? nameProblem(variable) ?? place;
}

function parseConnection(text: string, [project = '', name = '', ...more]: readonly string[]): WantedPlace | string {
  if (project === '' || name === '' || more.length > 0) {
    return `${JSON.stringify(text)} is not connection:project/name (%2F stands for a / in a name)`;
  }
  return nameProblem(project) ?? nameProblem(name) ?? { kind: 'connection', project, name };
}

function nameProblem(name: string): string | undefined {
  return /\p{Cc}/u.test(name) ? `${JSON.stringify(name)} holds a control character` : undefined;
}

/** The parts between the slashes, each decoded for itself: an encoded slash is part of a name. */
function parts(text: string): readonly string[] {
  return text.split('/').map((part) => decoded(part.trim()));
}

function decoded(text: string): string {
  return text.replace(/%(2F|2C|25)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
