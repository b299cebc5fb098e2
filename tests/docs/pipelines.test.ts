import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { ServiceConnection } from '../../src/services/service-connection.ts';
import { readSettings } from '../../src/settings/settings.ts';
import task from '../../tasks/RenewPats/task.json' with { type: 'json' };
import { examples, mappings, snippets, type TaskStep, taskSteps } from './pages.ts';

const inputs = new Map(task.inputs.map((input) => [input.name, input]));
const outputs = new Set(task.outputVariables.map(({ name }) => name));

describe('A pipeline that a reader may copy', () => {
  for (const { where, text, content } of snippets()) {
    const steps = taskSteps(content);
    const schedules = [...mappings(content)].filter(({ cron }) => cron !== undefined);
    if (steps.length === 0 && schedules.length === 0) continue;

    describe(where, () => {
      for (const [index, step] of steps.entries()) {
        it(`uses the task as its manifest has it (step ${index + 1})`, () => checkStep(step));
        it(`gives it inputs that it accepts (step ${index + 1})`, () => {
          // What it refuses, it refuses with a sentence.
          readSettings(inputsOf(step, content));
        });
      }

      it('runs on its schedules also when nobody has committed', () => {
        for (const schedule of schedules) assert.equal(schedule.always, true, JSON.stringify(schedule));
      });

      it('names the steps whose outputs it reads, and reads only outputs that there are', () => {
        const names = new Set(steps.map(({ name }) => name));
        const own = new Set(outputsOfScripts(content));
        for (const { step, output } of outputsRead(text)) {
          if (own.has(`${step}.${output}`)) continue;
          assert.ok(names.has(step), `no step is named ${step}`);
          assert.ok(outputs.has(output) || /^PAT_[A-Z0-9_]+$/.test(output), `there is no output ${output}`);
        }
      });
    });
  }
});

function checkStep({ task: name, inputs: given = {} }: TaskStep): void {
  assert.equal(name, `${task.name}@${task.version.Major}`);
  for (const [key, value] of Object.entries(given)) {
    const input = inputs.get(key);
    assert.ok(input, `there is no input ${key}`);
    assert.ok(['string', 'number', 'boolean'].includes(typeof value), `${key} is no plain value`);
    const text = String(value);
    if (input.type === 'boolean') assert.match(text, /^(?:true|false)$/, key);
    const isFixedList = input.type === 'pickList' && !('properties' in input);
    if (isFixedList && 'options' in input) assert.ok(text in (input.options ?? {}), `${key}: ${text}`);
  }
}

/** Variables of the groups that the pages tell the reader to make. */
const groups: Readonly<Record<string, string>> = {
  sa_username: 'svc-pats@contoso.com',
  sa_password: 'correct-horse-battery-staple',
  tenantid: 'contoso.onmicrosoft.com',
  'System.CollectionUri': 'https://dev.azure.com/contoso/',
};

const connection: ServiceConnection = {
  id: 'a2d0e5ce-6a4d-4a92-9b3c-0f5a4a3b9c11',
  name: 'renew-pats-vault',
  tenantId: 'a8c1f0f5-7f0e-4b1c-9c39-2a2e3a3b5d10',
  clientId: 'f0b7f8a1-0c0e-4a0e-8f4c-6f2f5f3c1d20',
  subscription: undefined,
  authorityHost: undefined,
  vaultSuffix: undefined,
  proof: { kind: 'managed identity' },
};

/** What a pipeline maps by hand into a variable `handedOver`. */
const id = '6f1d1c6e-3a7e-4a52-9d0a-6f7a1f2b7c11';

/** The inputs as an agent would hand them over: defaults filled in, variables expanded where they are known. */
function inputsOf(step: TaskStep, content: unknown) {
  const legs = [...mappings(content)].flatMap(({ matrix }) => (isMapping(matrix) ? Object.values(matrix) : []));
  const own = Object.assign({ handedOver: id }, ...legs.filter(isMapping)) as Record<string, unknown>;
  const variable = (name: string) =>
    name in own ? String(own[name]) : name.endsWith('_password') ? groups.sa_password : groups[name];
  const expanded = (text: string) => text.replace(/\$\(([\w.]+)\)/g, (whole, name: string) => variable(name) ?? whole);
  return {
    read: (name: string) => {
      const fallback = inputs.get(name)?.defaultValue ?? '';
      return expanded(expanded(String(step.inputs?.[name] ?? fallback)));
    },
    variable: (name: string) => variable(name),
    serviceConnection: () => connection,
  };
}

/** `step.output` of each output that a script with a name sets. */
function* outputsOfScripts(content: unknown): Generator<string> {
  for (const { bash, name } of mappings(content)) {
    if (typeof bash !== 'string') continue;
    for (const [, output] of bash.matchAll(/variable=(\w+);isOutput=true/g)) yield `${name}.${output}`;
  }
}

/** `$(step.output)` and `variables['step.output']`; not the system's own variables, nor the job's that the task sets. */
function outputsRead(text: string): readonly { readonly step: string; readonly output: string }[] {
  const code = text.replace(/^\s*#.*$/gm, '');
  const found = [...code.matchAll(/\$\((\w+)\.(\w+)\)|\['(\w+)\.(\w+)'\]/g)];
  return found
    .map(([, step, output, other, otherOutput]) => ({ step: step ?? other ?? '', output: output ?? otherOutput ?? '' }))
    .filter(({ step }) => !['System', 'Build', 'Agent', 'Release', 'Pipeline', 'RenewPats'].includes(step));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('An example (if RENEWPATS_SCHEMAS names the folder that holds the published schema)', () => {
  let isPipeline: ValidateFunction;

  before(function () {
    const folder = process.env.RENEWPATS_SCHEMAS;
    if (folder === undefined) return this.skip();
    const schema = JSON.parse(readFileSync(join(folder, 'pipelines-yaml.schema.json'), 'utf8'));
    isPipeline = new Ajv({ allErrors: true, logger: false }).compile(withTask(schema));
  });

  // To the schema all scalars are text.
  const read = (text: string): unknown => parse(text, { schema: 'failsafe' });

  for (const { where, text } of examples()) {
    it(`is a pipeline: ${where}`, () => {
      assert.ok(isPipeline(read(text)), JSON.stringify(isPipeline.errors?.slice(-5), null, 2));
    });

    it(`would be none with a misspelt key: ${where}`, () => {
      assert.ok(!isPipeline(read(text.replace('displayName:', 'displayname:'))));
    });
  }
});

/** The schema knows Microsoft's own tasks. This adds ours, by name; its inputs are held to task.json above. */
function withTask(schema: {
  readonly definitions: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>;
}) {
  const known = schema.definitions.task;
  assert.ok(known);
  const text = { type: 'string' };
  const ours = {
    type: 'object',
    properties: {
      ...known.properties,
      task: { type: 'string', pattern: `^${task.name}@` },
      inputs: { type: 'object', additionalProperties: text },
    },
    additionalProperties: false,
    required: ['task'],
  };
  return { ...schema, definitions: { ...schema.definitions, task: { anyOf: [known, ours] } } };
}
