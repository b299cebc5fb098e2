import Ajv from 'ajv';

/** One line of report.json, as the contract has it. */
export interface ReportedPat {
  readonly displayName: string;
  readonly authorizationId: string;
  readonly action: 'extend' | 'replace' | 'copy' | 'revoke' | 'skip' | 'none';
  readonly outcome: 'done' | 'planned' | 'skipped' | 'failed';
  readonly scope: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly previousValidTo?: string;
  readonly newAuthorizationId?: string;
  readonly destination?: string;
  readonly destinations?: readonly { readonly place: string; readonly outcome: string; readonly message?: string }[];
  readonly revokeAfter?: string;
  readonly message?: string;
}

export interface Report {
  readonly version: 1;
  readonly mode: string;
  readonly dryRun: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly organizations: readonly { readonly organization: string; readonly pats: readonly ReportedPat[] }[];
  readonly unreachable: readonly { readonly organization: string; readonly message: string }[];
  readonly warnings: readonly string[];
  readonly nextExpiry: string;
  readonly failure?: string;
  readonly account: string;
  readonly counts: Counts;
}

export interface Counts {
  readonly renewed: number;
  readonly revoked: number;
  readonly skipped: number;
  readonly failed: number;
}

const instant = { type: 'string', format: 'date-time', pattern: 'Z$' };
const text = { type: 'string', minLength: 1 };
const id = { type: 'string', format: 'uuid' };
const count = { type: 'integer', minimum: 0 };

/** An object with these properties and no others; those with a question mark may be absent. */
function object(properties: Readonly<Record<string, object>>) {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    additionalProperties: false,
    required: entries.filter(([name]) => !name.endsWith('?')).map(([name]) => name),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
  };
}

const patSchema = object({
  displayName: text,
  authorizationId: id,
  action: { enum: ['extend', 'replace', 'copy', 'revoke', 'skip', 'none'] },
  outcome: { enum: ['done', 'planned', 'skipped', 'failed'] },
  scope: text,
  validFrom: instant,
  validTo: instant,
  'previousValidTo?': instant,
  'newAuthorizationId?': id,
  'destination?': text,
  'destinations?': {
    type: 'array',
    minItems: 1,
    items: object({ place: text, outcome: { enum: ['done', 'planned', 'skipped', 'failed'] }, 'message?': text }),
  },
  'revokeAfter?': instant,
  'message?': text,
});

const reportSchema = object({
  version: { const: 1 },
  mode: { enum: ['simple', 'advanced', 'revoke', 'report'] },
  dryRun: { type: 'boolean' },
  startedAt: instant,
  finishedAt: instant,
  organizations: { type: 'array', items: object({ organization: text, pats: { type: 'array', items: patSchema } }) },
  unreachable: { type: 'array', items: object({ organization: text, message: text }) },
  warnings: { type: 'array', items: text },
  nextExpiry: { anyOf: [instant, { const: '' }] },
  'failure?': text,
  account: { type: 'string' },
  counts: object({ renewed: count, revoked: count, skipped: count, failed: count }),
});

const ajv = new Ajv({ allErrors: true });
const isReport = ajv.compile(reportSchema);

/** What is wrong with a report, by the contract's words; a sentence each. */
export function reportProblems(document: unknown): readonly string[] {
  if (isReport(document) !== true) return (isReport.errors ?? []).map((error) => `${error.dataPath} ${error.message}`);
  const report = document as Report;
  const problems: string[] = [];
  const pats = report.organizations.flatMap((organization) => organization.pats);
  for (const [name, counted] of Object.entries(countsOf(pats))) {
    const told = report.counts[name as keyof Counts];
    if (told !== counted) problems.push(`counts.${name} is ${told}, and ${counted} PATs are listed so`);
  }
  if (Date.parse(report.startedAt) > Date.parse(report.finishedAt)) problems.push('finishedAt lies before startedAt');
  for (const pat of pats) {
    const isPlan = pat.outcome === 'planned';
    if (isPlan && !report.dryRun) problems.push(`"${pat.displayName}" is planned in a run that is no dry run`);
    if (report.dryRun && pat.outcome === 'done' && pat.action !== 'none')
      problems.push(`"${pat.displayName}" is done in a dry run`);
    if (pat.action === 'replace' && pat.outcome === 'done') {
      for (const field of ['previousValidTo', 'newAuthorizationId', 'destination'] as const)
        if (pat[field] === undefined) problems.push(`"${pat.displayName}" is replaced, without ${field}`);
    }
    if (pat.outcome === 'failed' && pat.message === undefined)
      problems.push(`"${pat.displayName}" failed, without a message`);
  }
  return problems;
}

function countsOf(pats: readonly ReportedPat[]): Counts {
  const number = (wanted: (pat: ReportedPat) => boolean) => pats.filter(wanted).length;
  return {
    renewed: number(({ action, outcome }) => outcome === 'done' && (action === 'extend' || action === 'replace')),
    revoked: number(({ action, outcome }) => outcome === 'done' && action === 'revoke'),
    skipped: number(({ outcome }) => outcome === 'skipped'),
    failed: number(({ outcome }) => outcome === 'failed'),
  };
}
