import type { SecretVersion as SimulatedVersion } from '../../simulator/index.ts';
import type { Pauses } from '../../src/services/retry.ts';
import type { NewestSecret, SecretContent, SecretStore, SecretVersion } from '../../src/services/secret-store.ts';
import { agentNow } from './agent-clock.ts';
import { type Engine, isAnswered, type RunOnStage, takesEffect, type Wait } from './run-on-stage.ts';
import { type Stage, vaultHost } from './scene.ts';
import type { FaultKind } from './story.ts';

type Answer = { readonly kind: string; readonly version?: SimulatedVersion; readonly reason?: string };

/** Key Vault without its SDK (that has tests of its own): the same port, on the simulator's state. */
export function vaultOnStage(engine: Engine, scene: Stage, run: RunOnStage, pauses: Pauses, wait: Wait): SecretStore {
  const { world, accountId } = scene;
  const { vaults } = world;
  const clock = new engine.ServiceClock(() => agentNow(scene, run));
  /** Each answer tells the vault's time. */
  const observe = () => {
    const { sendsDate, clockAheadSeconds } = world.settings;
    const date = new Date(world.now + (clockAheadSeconds.keyVault ?? 0) * 1000).toUTCString();
    if (sendsDate) clock.observe({ status: 200, headers: { date, 'content-type': 'application/json' } });
  };

  const once = <T>(operation: string, act: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const proceed = (fault: FaultKind | undefined) => {
        let result: T | undefined;
        try {
          if (takesEffect(fault)) result = act();
          if (isAnswered(fault)) observe();
        } catch (error) {
          if (isAnswered(fault)) return reject(error);
        }
        if (isAnswered(fault)) return resolve(result as T);
        if (fault !== undefined && fault !== 'killed before' && fault !== 'killed after')
          reject(failure(engine, fault));
      };
      wait({ run, operation, proceed });
    });
  const call = <T>(operation: string, act: () => T, beforeEach?: () => void) =>
    engine.retrying(pauses, { repeat: 'always', ...(beforeEach && { beforeEach }) }, () => once(operation, act));
  const versionOf = (answer: Answer): SimulatedVersion => {
    if (answer.version !== undefined) return answer.version;
    throw refusal(engine, answer);
  };
  const read = async (operation: string, act: () => Answer): Promise<NewestSecret> => {
    const answer = await call(operation, act);
    if (answer.kind === 'notFound') return { kind: 'none' };
    if (answer.kind === 'disabled') return { kind: 'disabled' };
    const version = versionOf(answer);
    return { kind: 'read', version: shown(version), value: version.value };
  };

  return {
    name: 'contoso-kv',
    now: () => clock.now(),
    tellsTime: () => clock.isTold,
    versions: async (secret) => {
      const found: SecretVersion[] = [];
      let skipToken: string | undefined;
      do {
        const asked = skipToken === undefined ? {} : { skipToken };
        const page = await call('vault.versions', () => vaults.listVersions(vaultHost, accountId, secret, asked));
        if (page.kind === 'notFound') return [];
        if (page.kind !== 'page') throw refusal(engine, page);
        for (const { version } of page.entries) found.push(shown(version));
        skipToken = page.skipToken === '' ? undefined : page.skipToken;
      } while (skipToken !== undefined);
      return found;
    },
    newest: (secret) => read('vault.newest', () => vaults.getSecret(vaultHost, accountId, secret)),
    version: (secret, id) => read('vault.version', () => vaults.getVersion(vaultHost, accountId, secret, id)),
    // A refusal is thrown within the attempt: what became of earlier attempts must not be forgotten over it.
    set: async (secret, contentOf) => {
      let content: SecretContent | undefined;
      const set = () => {
        const { value, contentType, expiresOn, tags } = content ?? contentOf();
        const expires = expiresOn === undefined ? {} : { expires: expiresOn / 1000 };
        return versionOf(
          vaults.setSecret(vaultHost, accountId, secret, { value, contentType, tags: { ...tags }, ...expires }),
        );
      };
      const beforeEach = () => {
        content = contentOf();
      };
      return shown(await call('vault.set', set, beforeEach));
    },
    setExpiry: async (secret, id, expiresOn) => {
      const update = () =>
        versionOf(vaults.updateVersion(vaultHost, accountId, secret, id, { expires: expiresOn / 1000 }));
      await call('vault.expiry', update);
    },
    checkWritable: async (secret, { id, contentType }) => {
      const same = contentType === undefined ? {} : { contentType };
      const update = () => versionOf(vaults.updateVersion(vaultHost, accountId, secret, id, same));
      await call('vault.check', update);
    },
    disable: async (secret, id) => {
      const update = () => versionOf(vaults.updateVersion(vaultHost, accountId, secret, id, { enabled: false }));
      await call('vault.disable', update);
    },
  };
}

function failure(engine: Engine, fault: FaultKind): Error {
  const isRefusal = fault === 'refused' || fault === 'throttled';
  return new engine.ServiceError(`The vault failed (${fault}).`, {
    outcome: isRefusal ? 'refused' : 'unknown',
    status: fault === 'refused' ? 403 : fault === 'throttled' ? 429 : 503,
    transient: fault !== 'refused' && fault !== 'sign-in page',
  });
}

function refusal(engine: Engine, answer: Answer): Error {
  const status = answer.kind === 'forbidden' ? 403 : answer.kind === 'conflict' ? 409 : 400;
  const code = answer.reason ?? answer.kind;
  return new engine.ServiceError(`The vault refuses (${code}).`, { outcome: 'refused', code, status });
}

function shown(version: SimulatedVersion): SecretVersion {
  return {
    id: version.version,
    created: version.created * 1000,
    enabled: version.enabled,
    expiresOn: version.expires === undefined ? undefined : version.expires * 1000,
    contentType: version.contentType,
    tags: version.tags,
  };
}
