import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceConnection } from '../../simulator/agent/run-task.ts';
import {
  createWorld,
  type OrganizationSpec,
  type Simulator,
  startSimulator,
  type World,
} from '../../simulator/index.ts';
import { inThisProcess } from '../blackbox/in-this-process.ts';
import { type PipelineRun, runPipeline } from './run-pipeline.ts';

const tenantId = 'a8c1f0f5-7f0e-4b1c-9c39-2a2e3a3b5d10';
const clientId = 'f0b7f8a1-0c0e-4a0e-8f4c-6f2f5f3c1d20';
const password = 'correct-horse-battery-staple';
const vaultAccess = 'the-secret-of-the-service-connection';

/** The world that the examples speak of. */
export function contoso(organizations?: Readonly<Record<string, OrganizationSpec>>): World {
  const accounts = ['svc-pats', 'svc-build', 'svc-release', 'svc-partners'].map((name) => `${name}@contoso.com`);
  const pats = accounts.flatMap((owner) => [
    // Due for those who renew 30 days ahead, and no reason for an alarm yet.
    { displayName: 'Build feed', owner, validTo: '2026-12-20T00:00:00Z' },
    { displayName: 'Build laptop', owner, validTo: '2027-01-10T00:00:00Z' },
    { displayName: 'Laptop A', owner, validTo: '2027-01-10T00:00:00Z' },
  ]);
  return createWorld({
    tenant: { id: tenantId, domains: ['contoso.onmicrosoft.com', 'contoso.com'] },
    accounts: accounts.map((upn) => ({ upn, password })),
    applications: [{ clientId, secret: vaultAccess }],
    organizations: organizations ?? {
      contoso: { pats, projects: { Tools: { groups: { 'Renewed PATs': {} }, connections: { 'build-feed': {} } } } },
      fabrikam: { pats },
      'contoso-partners': { pats },
    },
    vaults: { 'contoso-vault': {} },
    now: '2026-11-23T04:00:00Z',
  });
}

const secret = { value: password, secret: true } as const;

/** The variable groups that the pages tell the reader to make. */
const groups = {
  'renew-pats': {
    sa_username: 'svc-pats@contoso.com',
    sa_password: secret,
    tenantid: 'contoso.onmicrosoft.com',
    build_password: secret,
    release_password: secret,
    partners_password: secret,
    chat_webhook: { value: 'https://chat.contoso.com/hooks/1', secret: true },
    github_token: { value: 'the-token-for-github', secret: true },
  },
} as const;

const connection: ServiceConnection = {
  id: 'a2d0e5ce-6a4d-4a92-9b3c-0f5a4a3b9c11',
  url: 'https://management.azure.com/',
  scheme: 'ServicePrincipal',
  parameters: { serviceprincipalid: clientId, serviceprincipalkey: vaultAccess, tenantid: tenantId },
};

/** A place to run pipelines of the pages: the task, an agent, a cloud, and GitHub's command. */
export interface Desk {
  readonly world: World;
  run(content: unknown): Promise<PipelineRun>;
  /** What `gh secret set` has stored last; undefined: nothing yet. */
  stored(): string | undefined;
  /** From now on GitHub refuses (or takes values again). */
  setGitHub(mood: 'takes' | 'refuses'): void;
  close(): Promise<void>;
}

export async function openDesk(world: World): Promise<Desk> {
  const simulator: Simulator = await startSimulator({ world });
  const folder = mkdtempSync(join(tmpdir(), 'renew-pats-desk-'));
  const store = join(folder, 'stored');
  const command = (name: string, script: string) => {
    writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const setGitHub = (mood: 'takes' | 'refuses') => {
    const act = mood === 'takes' ? `test -n "$GH_TOKEN" && cat > '${store}'` : 'echo "HTTP 503" >&2; exit 1';
    command('gh', act);
  };
  /** The world's time goes its own way; what a script reads is the same. */
  const setClock = () =>
    command('date', `test "$*" = +%s && echo ${Math.floor(world.now / 1000)} || PATH=\${PATH#*:} exec date "$@"`);
  setGitHub('takes');
  return {
    world,
    run: (content) => {
      setClock();
      return runPipeline(content, {
        options: {
          endpoints: { 'renew-pats-vault': connection },
          proxy: { url: simulator.proxyUrl },
          caInfo: simulator.caFile,
          collectionUri: 'https://dev.azure.com/contoso/',
          standIn: inThisProcess.standIn,
          agentEnvironment: { PATH: `${folder}:${process.env.PATH ?? ''}` },
        },
        tasks: { 'RenewPats@1': inThisProcess.taskFolder },
        groups,
      });
    },
    stored: () => (existsSync(store) ? readFileSync(store, 'utf8') : undefined),
    setGitHub,
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await simulator.close();
    },
  };
}
