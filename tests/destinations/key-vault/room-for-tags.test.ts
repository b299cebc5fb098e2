import assert from 'node:assert/strict';
import { secretPlace } from '../../../src/destinations/key-vault/key-vault.ts';
import type { SecretStore } from '../../../src/services/secret-store.ts';
import { now, owner } from '../../renewal/examples.ts';
import { looking } from '../conformance.ts';
import { tagged, untagged } from './examples.ts';

const notAsked = (): never => {
  throw new Error('a look asks for the versions alone');
};

describe('a secret takes a value', () => {
  const cases = [
    { name: 'with 10 tags of a person’s', count: 10, isTaken: true },
    { name: 'not with 11: the task’s own would not fit', count: 11, isTaken: false },
  ];
  for (const { name, count, isTaken } of cases) {
    const tags = Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, 'x']));
    const newest = tagged('v1', 'pat-1', now);
    for (const version of [
      untagged('v1', now, { tags }),
      untagged('v1', now, { tags, enabled: false }),
      { ...newest, tags: { ...newest.tags, ...tags } },
    ]) {
      it(`${name} (${Object.keys(version.tags).length} in all, ${version.enabled ? 'enabled' : 'disabled'})`, async () => {
        const store: SecretStore = {
          name: 'contoso-vault',
          versions: async () => [version],
          newest: notAsked,
          version: notAsked,
          set: notAsked,
          setExpiry: notAsked,
          checkWritable: notAsked,
          disable: notAsked,
          now: () => now,
          tellsTime: () => true,
        };
        const sight = await secretPlace(store, 'Build-feed').look(looking(owner, { isAdopting: false }));
        assert.equal(
          sight.obstacle,
          isTaken
            ? undefined
            : 'secret contoso-vault/Build-feed has more than 10 tags of its own; Key Vault takes 15 and the task needs 5. Remove some ' +
                'tags from its newest version.',
        );
      });
    }
  }
});
