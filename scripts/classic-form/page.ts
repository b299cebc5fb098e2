interface FormInput {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly groupName?: string | undefined;
  readonly visibleRule?: string | undefined;
  readonly defaultValue: string | boolean;
  readonly options?: Readonly<Record<string, string | undefined>> | undefined;
  readonly helpMarkDown: string;
}

interface FormGroup {
  readonly name: string;
  readonly displayName: string;
  readonly isExpanded: boolean;
  readonly visibleRule?: string | undefined;
}

export interface Form {
  readonly friendlyName: string;
  readonly inputs: readonly FormInput[];
  readonly groups: readonly FormGroup[];
}

/** The form as the classic editor shows it, top to bottom: the fields without a group first, then group by group. */
export function classicFormPage({ friendlyName, inputs, groups }: Form): string {
  const fieldsOf = (group: string | undefined) => inputs.filter(({ groupName }) => groupName === group);
  const sections = groups.map((group) => [
    `## ${group.displayName}`,
    [group.isExpanded ? 'Open' : 'Closed at first', shownOnly(group.visibleRule, inputs)].filter(Boolean).join('; '),
    table(fieldsOf(group.name), inputs),
  ]);
  const introduction =
    'Made from `task.json` by `npm run classic-form`. In YAML the inputs have the names in the second column; beside a YAML file the\n' +
    'editor shows the same form.';
  const page = [`# The form of ${friendlyName}`, introduction, table(fieldsOf(undefined), inputs), ...sections.flat()];
  return `${page.join('\n\n')}\n`;
}

function table(fields: readonly FormInput[], inputs: readonly FormInput[]): string {
  const rows = fields.map((field) => {
    const rule = shownOnly(field.visibleRule, inputs);
    const help = [field.helpMarkDown, rule === '' ? '' : `_${capital(rule)}._`].filter(Boolean).join(' ');
    return `| ${field.label} | \`${field.name}\` | ${control(field)} | ${help.replaceAll('|', '\\|')} |`;
  });
  return ['| Field | Name | What it is | Help |', '|---|---|---|---|', ...rows].join('\n');
}

function control({ type, defaultValue, options }: FormInput): string {
  if (type === 'boolean') return `checkbox, ${defaultValue === true ? 'ticked' : 'not ticked'}`;
  if (options !== undefined) {
    const choices = Object.entries(options).map(([value, text]) => (value === defaultValue ? `**${text}**` : text));
    return choices.join('<br>');
  }
  const kind =
    type === 'multiLine'
      ? 'lines'
      : type.startsWith('connectedService')
        ? 'connection'
        : type === 'pickList'
          ? 'list, or typed'
          : 'text';
  return defaultValue === '' ? `${kind}, empty` : `${kind}: \`${defaultValue}\``;
}

/** `mode = advanced || mode = revoke` as `shown only if “Mode” is advanced or revoke`. */
function shownOnly(rule: string | undefined, inputs: readonly FormInput[]): string {
  if (rule === undefined) return '';
  const conditions = rule.split('||').map((condition) => condition.trim().split(/\s*=\s*/));
  const label = inputs.find(({ name }) => name === conditions[0]?.[0])?.label ?? '';
  return `shown only if “${label}” is ${conditions.map(([, value]) => value).join(' or ')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
