import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import draft04 from 'ajv/lib/refs/json-schema-draft-04.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };
import task from '../../tasks/RenewPats/task.json' with { type: 'json' };

interface Input {
  readonly name: string;
  readonly type: string;
  readonly defaultValue: string | boolean;
  readonly options?: Readonly<Record<string, string>>;
}

/** The inputs that the README promises, in the order of its table: name, type, default, and the choices of a list. */
const contract: readonly (readonly [string, string, string | boolean, (readonly string[])?])[] = [
  ['mode', 'pickList', 'simple', ['simple', 'advanced', 'revoke', 'report']],
  ['organization', 'string', '$(System.CollectionUri)'],
  ['signIn', 'pickList', 'password', ['password', 'refreshToken']],
  ['username', 'string', '$(sa_username)'],
  ['password', 'string', '$(sa_password)'],
  ['tenantId', 'string', '$(tenantid)'],
  ['clientId', 'string', '1950a258-227b-4e31-a9cf-717495945fc2'],
  ['refreshTokenSecret', 'string', ''],
  ['lifetimeDays', 'string', '60'],
  ['renewBeforeDays', 'string', ''],
  ['revokeAfterHours', 'string', '48'],
  ['pats', 'multiLine', '*'],
  ['allOrgs', 'pickList', 'keep', ['keep', 'false', 'true']],
  ['includeExpired', 'boolean', false],
  ['keyVault', 'pickList', ''],
  ['variableGroup', 'string', ''],
  ['takeOver', 'boolean', false],
  ['handedOver', 'string', '$(RenewPats.HandedOver)'],
  ['azureSubscription', 'connectedService:AzureRM', ''],
  ['secretName', 'string', '{pat}'],
  ['setOutputVariables', 'boolean', false],
  ['warnDays', 'string', '14'],
  ['failDays', 'string', ''],
  ['dryRun', 'boolean', false],
  ['concurrency', 'string', '8'],
  ['authorityHost', 'string', 'https://login.microsoftonline.com'],
];

const outputs = ['renewedCount', 'revokedCount', 'skippedCount', 'failedCount', 'nextExpiry', 'reportPath'];

describe("the task's manifest", () => {
  const inputs: readonly Input[] = task.inputs;

  it('has the inputs of the contract, with their types, defaults and choices', () => {
    const byName = new Map(
      inputs.map(({ name, type, defaultValue, options }) => [
        name,
        options === undefined ? [name, type, defaultValue] : [name, type, defaultValue, Object.keys(options)],
      ]),
    );

    assert.deepEqual(byName, new Map(contract.map((input) => [input[0], input])));
    assert.equal(inputs.length, contract.length);
  });

  it('explains every input in a line or two', () => {
    for (const { name, label, helpMarkDown } of task.inputs) {
      assert.ok(label.length > 0 && label.length <= 40, name);
      assert.ok(helpMarkDown.length > 20 && helpMarkDown.length <= 320, name);
    }
  });

  it('requires no input: each has a default, or is needed only with certain others', () => {
    assert.deepEqual(
      task.inputs.filter((input) => 'required' in input),
      [],
    );
  });

  it('puts inputs into groups that exist, and shows them by rules about inputs that exist', () => {
    const names = new Set(inputs.map(({ name }) => name));
    const groups = new Set(task.groups.map(({ name }) => name));
    for (const input of task.inputs) if ('groupName' in input) assert.ok(groups.has(input.groupName ?? ''), input.name);
    for (const { visibleRule } of [...task.inputs, ...task.groups].filter((shown) => 'visibleRule' in shown)) {
      for (const condition of visibleRule?.split('||') ?? []) {
        const [, name = '', value = ''] = /^\s*(\w+) = (\w+)\s*$/.exec(condition) ?? assert.fail(condition);
        assert.ok(names.has(name), condition);
        assert.ok(value in (inputs.find((input) => input.name === name)?.options ?? {}), condition);
      }
    }
  });

  it('fills the list of vaults from the chosen connection', () => {
    const [binding] = task.dataSourceBindings;
    assert.equal(binding?.target, 'keyVault');
    assert.equal(binding?.endpointId, '$(azureSubscription)');
    const keyVault = task.inputs.find(({ name }) => name === 'keyVault');
    assert.deepEqual(keyVault && 'properties' in keyVault && keyVault.properties, { EditableOptions: 'True' });
  });

  it('describes the outputs of the contract, and allows no variables but these and the PATs', () => {
    assert.deepEqual(
      task.outputVariables.map(({ name }) => name),
      outputs,
    );
    assert.deepEqual(task.restrictions, {
      settableVariables: { allowed: [...outputs, 'PAT_*', 'RenewPats.HandedOver'] },
    });
  });

  it('runs on the two versions of Node.js that agents still bring, and names no others', () => {
    // An agent ignores a key that it does not know: `Node20` would mean no handler at all.
    assert.deepEqual(task.execution, { Node20_1: { target: 'index.js' }, Node24: { target: 'index.js' } });
    assert.equal(task.minimumAgentVersion, '3.232.1');
  });

  it('has a name that fits, a GUID of its own, and the version of the package', () => {
    assert.equal(task.name, 'RenewPats');
    assert.equal(task.friendlyName, 'Renew PATs');
    assert.ok(task.friendlyName.length <= 40);
    assert.match(task.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { Major, Minor, Patch } = task.version;
    assert.equal(`${Major}.${Minor}.${Patch}`, packageJson.version);
  });

  it('is valid by the published schema (if RENEWPATS_SCHEMAS names the folder that holds it)', function () {
    const folder = process.env.RENEWPATS_SCHEMAS;
    if (folder === undefined) return this.skip();
    const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
    ajv.addMetaSchema(draft04);
    // The schema names its draft without the # that ajv looks it up by.
    const schema = JSON.parse(readFileSync(join(folder, 'task.schema.json'), 'utf8'));
    const isValid = ajv.validate({ ...schema, $schema: draft04.id }, task);

    assert.ok(isValid, ajv.errorsText());
  });
});
