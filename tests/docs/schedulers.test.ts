import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse, parseAllDocuments } from 'yaml';
import { readArguments } from '../../cli/arguments.ts';
import { inputsOf } from '../../cli/inputs.ts';
import { inputOptions, variableOf } from '../../cli/options.ts';
import { createWorld, startSimulator } from '../../simulator/index.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { startMachine } from '../blackbox/machine.ts';
import { runCommand } from '../cli/run-command.ts';
import { mappings } from './pages.ts';

const folder = 'examples/command';

/** One use of the command that an example shows. */
interface Use {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What the example's surroundings set besides: workload identity in the cluster. */
const injected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'kubernetes-cronjob.yml': {
    AZURE_CLIENT_ID: '11111111-2222-3333-4444-555555555555',
    AZURE_TENANT_ID: 'contoso.onmicrosoft.com',
    AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/azure-identity-token',
  },
};

describe('An example for another scheduler', () => {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');

    describe(name, () => {
      it('uses the command once, with flags and variables that there are, and settings that it accepts', () => {
        const [use, ...others] = usesIn(name, text);
        assert.ok(use !== undefined && others.length === 0);
        const asked = readArguments(use.args);
        assert.ok(asked.kind === 'command', JSON.stringify(asked));
        const known = new Set([...inputOptions.map(({ input }) => variableOf(input)), variableOf('password')]);
        const ours = Object.keys(use.environment).filter((variable) => variable.startsWith('RENEWPATS_'));
        assert.deepEqual(
          ours.filter((variable) => !known.has(variable)),
          [],
        );
        readSettings(inputsOf({ environment: use.environment }, asked, ''));
      });

      it('keeps nothing secret, and fails where a run needs a person', () => {
        assert.doesNotMatch(text, /PASSWORD|CLIENT_SECRET|[Pp]assword:/);
        for (const { args } of usesIn(name, text)) assert.ok(args.includes('--strict'));
      });

      it('renews, as it is but for how the machine proves who it is', async () => {
        const [use] = usesIn(name, text);
        const run = await renewed(use ?? assert.fail());
        assert.equal(run.code, 0, run.stderr);
        assert.match(run.stdout, /Renewed 1,/);
      });
    });
  }

  for (const [name, schemaFile] of [['github-actions.yml', 'github-workflow.json']] as const) {
    it(`is what its published schema says (if RENEWPATS_SCHEMAS has ${schemaFile}): ${name}`, function () {
      const path = join(process.env.RENEWPATS_SCHEMAS ?? '', schemaFile);
      if (process.env.RENEWPATS_SCHEMAS === undefined || !existsSync(path)) return this.skip();
      const isValid = new Ajv({ logger: false, unknownFormats: 'ignore' }).compile(
        JSON.parse(readFileSync(path, 'utf8')),
      );
      const text = readFileSync(join(folder, name), 'utf8');
      assert.ok(isValid(parse(text)), JSON.stringify(isValid.errors));
      assert.ok(!isValid(parse(text.replace('runs-on:', 'run-on:'))), 'and would not be with a misspelt key');
    });
  }

  it('for Kubernetes lets the container do nothing that it need not', () => {
    const [, job] = parseAllDocuments(readFileSync(join(folder, 'kubernetes-cronjob.yml'), 'utf8')).map((one) =>
      one.toJS(),
    );
    const { containers, securityContext, restartPolicy } = job.spec.jobTemplate.spec.template.spec;
    assert.deepEqual([securityContext.runAsNonRoot, restartPolicy], [true, 'Never']);
    assert.deepEqual(containers[0].securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});

/** In a world that has what the example names. */
async function renewed({ args, environment }: Use) {
  const upn = 'svc-pats@contoso.onmicrosoft.com';
  const robot = environment.AZURE_CLIENT_ID ?? '11111111-2222-3333-4444-555555555555';
  const app = environment.RENEWPATS_CLIENT_ID ?? '';
  const secret = 'an application’s secret';
  const signIn = environment.RENEWPATS_REFRESH_TOKEN_SECRET ?? '';
  const host = 'contoso-vault.vault.azure.net';
  const world = createWorld({
    tenant: { domains: ['contoso.onmicrosoft.com'] },
    accounts: [{ upn }],
    applications: [{ clientId: app }, { clientId: robot, secret, managedIdentity: true }],
    organizations: { contoso: { pats: [{ displayName: 'Build feed' }] } },
    vaults: { 'contoso-vault': { access: { [robot]: 'all' }, secrets: { [signIn]: { value: 'planted below' } } } },
  });
  const { token } = world.entra.plantRefreshToken(upn, app);
  const version = world.vaults.secret(host, signIn)?.versions[0] ?? assert.fail();
  world.vaults.plant(host, { name: signIn, versions: [{ ...version, value: token }] });
  const simulator = await startSimulator({ world });
  const machine = await startMachine(world, 'container app');
  try {
    const { AZURE_FEDERATED_TOKEN_FILE: file, ...rest } = environment;
    const proof = file === undefined ? machine.environment : { AZURE_CLIENT_SECRET: secret };
    return await runCommand(simulator, args, { environment: { ...rest, ...proof } });
  } finally {
    await machine.close();
    await simulator.close();
  }
}

function usesIn(name: string, text: string): readonly Use[] {
  const uses = name.endsWith('.ps1') ? usesInPowerShell(text) : usesInYaml(text);
  return uses.map(({ args, environment }) => ({ args, environment: { ...injected[name], ...environment } }));
}

function usesInPowerShell(text: string): readonly Use[] {
  const environment = Object.fromEntries(
    [...text.matchAll(/^\$env:(\w+) = '([^']*)'/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  return [...text.matchAll(/^renew-pats (.+)$/gm)].map(([, line = '']) => ({ args: line.split(' '), environment }));
}

function usesInYaml(text: string): readonly Use[] {
  const parts = parseAllDocuments(text).flatMap((one) => {
    assert.deepEqual(one.errors, []);
    return [...mappings(one.toJS())];
  });
  const environment = Object.assign({}, ...parts.map(({ env }) => environmentOf(env)));
  const containers = parts.flatMap(({ args }) => (Array.isArray(args) ? [args.map(String)] : []));
  const lines = parts.flatMap(({ run }) => (typeof run === 'string' ? run.split('\n') : []));
  const typed = lines.flatMap((line) => /^npx --yes renew-pats@[\d.]+ (.+)$/.exec(line)?.[1]?.split(' ') ?? []);
  return [...containers, ...(typed.length > 0 ? [typed] : [])].map((args) => ({ args, environment }));
}

/** A mapping, or a list of names with values. */
function environmentOf(env: unknown): Readonly<Record<string, string>> {
  if (Array.isArray(env)) return Object.fromEntries(env.map(({ name, value }) => [name, value]));
  return typeof env === 'object' && env !== null ? { ...(env as Record<string, string>) } : {};
}
