import type { SecretStore } from '../../../src/services/secret-store.ts';
import { describeConformance } from '../conformance.ts';
import { describePlantedFaults, withOutcome } from '../planted-faults.ts';
import { vaultStage } from './stage.ts';

describeConformance('Key Vault', () => vaultStage());

const faults: Readonly<Record<string, (store: SecretStore) => SecretStore>> = {
  'says that it has stored, and has not': (store) => ({
    ...store,
    set: async (_, contentOf) => {
      const { tags, contentType, expiresOn } = contentOf();
      return { id: '1', created: store.now(), enabled: true, expiresOn, contentType, tags };
    },
  }),
  'stores the value without its tags': (store) => ({
    ...store,
    set: (secret, contentOf) => store.set(secret, () => ({ ...contentOf(), tags: {} })),
  }),
  'stores the value without its end': (store) => ({
    ...store,
    set: (secret, contentOf) => store.set(secret, () => ({ ...contentOf(), expiresOn: undefined })),
  }),
  'stores another value': (store) => ({
    ...store,
    set: (secret, contentOf) => store.set(secret, () => ({ ...contentOf(), value: 'another' })),
  }),
  'keeps the value in a tag': (store) => ({
    ...store,
    set: (secret, contentOf) =>
      store.set(secret, () => {
        const content = contentOf();
        return { ...content, tags: { ...content.tags, note: content.value } };
      }),
  }),
  'takes a lost answer for a no': (store) => ({
    ...store,
    set: (secret, contentOf) => withOutcome('refused', () => store.set(secret, contentOf)),
  }),
  'takes a no for a lost answer': (store) => ({
    ...store,
    set: (secret, contentOf) => withOutcome('unknown', () => store.set(secret, contentOf)),
  }),
  'does not ask whether it is too late': (store) => ({
    ...store,
    set: (secret, contentOf) => {
      const never = { value: 'never', contentType: 'text/plain', expiresOn: undefined, tags: {} };
      let content = never;
      try {
        content = { ...never, ...contentOf(), expiresOn: undefined };
      } catch {}
      return store.set(secret, () => content);
    },
  }),
  'does not see the newest version': (store) => ({
    ...store,
    versions: async (secret) => (await store.versions(secret)).slice(0, -1),
  }),
  'takes a last look at what it knows already': (store) => {
    const known = new Map<string, ReturnType<SecretStore['newest']>>();
    return {
      ...store,
      newest: (secret) => {
        const read = known.get(secret) ?? store.newest(secret);
        known.set(secret, read);
        return read;
      },
      versions: async (secret) => {
        void known.get(secret);
        if (!known.has(secret)) known.set(secret, store.newest(secret));
        return store.versions(secret);
      },
    };
  },
  'has a clock that is an hour ahead': (store) => ({ ...store, now: () => store.now() + 3_600_000 }),
  'forgets to change an end': (store) => ({ ...store, setExpiry: async () => Promise.reject(new Error('forgotten')) }),
};

describePlantedFaults('a vault', faults, vaultStage);
