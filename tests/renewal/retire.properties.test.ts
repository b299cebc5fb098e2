import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Family } from '../../src/renewal/family.ts';
import { familiesOf } from '../../src/renewal/family.ts';
import { hour } from '../../src/renewal/instant.ts';
import { withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import { currentOf } from '../../src/renewal/plan.ts';
import {
  isOwn,
  namedPat,
  orderVersions,
  readDelivery,
  type SecretVersion,
  type VersionHistory,
} from '../../src/renewal/record.ts';
import { type NamedState, retirementByName, retirementInVault, versionsToDisable } from '../../src/renewal/retire.ts';
import { copiedTags, delivered, now, owner, pat, policy, untagged } from './examples.ts';

const ids = ['a', 'b', 'c', 'd'];
const hours = fc.constantFrom(0, 1, 11, 12, 13, 47, 48, 49, 100, 500);
const around = fc.constantFrom(-1, 0, 1);
const revokeAfterHours = fc.constantFrom(0, 1, 12, 48);

const names = fc.oneof(
  fc.constantFrom('Build feed', withNewMarker('Build feed')),
  hours.map((ago) => withSupersededMarker('Build feed', now - ago * hour)),
  hours.map((ahead) => withSupersededMarker('Build feed', now + ahead * hour)),
);
const listed = fc.tuple(
  ...ids.map((id) =>
    fc
      .record({ age: hours, ms: around, isGlobal: fc.boolean(), hasEnded: fc.boolean(), displayName: names })
      .map(({ age, ms, isGlobal, hasEnded, displayName }) =>
        pat(id, { displayName, isGlobal, validFrom: now - age * hour + ms, ...(hasEnded ? { validTo: now - 1 } : {}) }),
      ),
  ),
);
const families = listed.map((pats): Family => {
  const [family] = familiesOf('contoso', { active: pats, expired: [] }, now);
  assert.ok(family);
  return family;
});

/** Versions of all kinds, in seconds that often tie, and a newest one among the latest. */
const histories = fc
  .array(
    fc.record({
      kind: fc.constantFrom('delivered', 'delivered', 'delivered', 'untagged', 'copied', 'foreign', 'disabled'),
      id: fc.constantFrom(...ids, 'elsewhere'),
      age: hours,
    }),
    { maxLength: 8 },
  )
  .map((drafts) => drafts.map(({ kind, id, age }, index) => versionOf(`v${index}`, kind, id, age)))
  .chain((versions) => {
    const latest = Math.max(...versions.map((version) => version.created));
    const last = versions.filter((version) => version.created === latest).map((version) => version.id);
    return fc.tuple(fc.constant(versions), last.length === 0 ? fc.constant(undefined) : fc.constantFrom(...last));
  })
  .map(([versions, newest]): VersionHistory => orderVersions(versions, newest));

function versionOf(versionId: string, kind: string, id: string, age: number): SecretVersion {
  const created = now - age * hour;
  const version = delivered(versionId, id, created);
  switch (kind) {
    case 'untagged':
      return untagged(versionId, created);
    case 'copied':
      return copiedTags(versionId, id, created);
    case 'foreign':
      return { ...version, tags: { ...version.tags, 'renewPats-account': 'other' } };
    case 'disabled':
      return { ...version, enabled: false };
    default:
      return version;
  }
}

const isRecord = (version: SecretVersion) => {
  const delivery = readDelivery(version);
  return version.enabled && delivery !== undefined && isOwn(delivery, owner);
};

describe('in any history of any family, a PAT that may be revoked', () => {
  const situations = fc
    .record({ family: families, history: histories, elsewhere: fc.subarray(ids), grace: revokeAfterHours })
    .chain((drawn) => fc.tuple(fc.constant(drawn), fc.constantFrom(...drawn.family.members)));

  const eachReady = (
    check: (ready: {
      id: string;
      validFrom: number;
      isGlobal: boolean;
      history: VersionHistory;
      active: ReadonlySet<string>;
      grace: number;
      current: string;
      elsewhere: readonly string[];
    }) => void,
  ) =>
    fc.assert(
      fc.property(situations, ([{ family, history, elsewhere, grace }, current]) => {
        const active = new Set(
          family.members.filter((member) => member.state === 'active').map((member) => member.pat.authorizationId),
        );
        const situation = { family, owner, history, current, namedElsewhere: new Set(elsewhere) };
        for (const member of family.members) {
          const clocks = { pats: now, vault: now };
          const judged = retirementInVault(member, situation, { ...policy, revokeAfterHours: grace }, clocks);
          if (judged.kind !== 'ready') continue;
          const { authorizationId: id, validFrom, isGlobal } = member.pat;
          check({ id, validFrom, isGlobal, history, active, grace, current: current.pat.authorizationId, elsewhere });
        }
      }),
      { numRuns: 3000 },
    );

  it('is never the one that the newest valid record names, nor the current one', () => {
    eachReady(({ id, history, current }) => {
      const newest = history.findLast(isRecord);
      assert.notEqual(newest && namedPat(newest), id);
      assert.notEqual(current, id);
    });
  });

  it('is active, older than 12 hours, not valid in all organizations, and in no other record', () => {
    eachReady(({ id, validFrom, isGlobal, active, elsewhere }) => {
      assert.ok(active.has(id));
      assert.ok(now - validFrom > 12 * hour);
      assert.ok(!isGlobal);
      assert.ok(!elsewhere.includes(id));
    });
  });

  it('was superseded by a delivery of another active PAT, newer than all that name it, at least the grace period ago', () => {
    eachReady(({ id, validFrom, history, active, grace }) => {
      const naming = history.filter((version) => namedPat(version) === id);
      const superseding = history.filter((version) => {
        const other = namedPat(version);
        const isNewerThanAll = naming.every((named) => version.created > named.created || version === history.at(-1));
        return isRecord(version) && other !== undefined && other !== id && active.has(other) && isNewerThanAll;
      });
      assert.ok(superseding.some((version) => now - version.created >= grace * hour));
      assert.ok(naming.length > 0 || now - validFrom >= grace * hour);
    });
  });
});

describe('in any history of any family, the versions to disable', () => {
  const states = fc.record(
    Object.fromEntries(
      [...ids, 'elsewhere'].map((id) => [id, fc.constantFrom<NamedState>('active', 'expired', 'revoked', 'unknown')]),
    ),
  );

  it('are enabled, each once, and never the newest or one whose PAT is known to work', () => {
    fc.assert(
      fc.property(families, histories, states, (family, history, stateOf) => {
        const [current] = family.members;
        assert.ok(current);
        const found = versionsToDisable({ family, owner, history, current }, (id) => stateOf[id] ?? 'unknown');
        assert.equal(new Set(found).size, found.length);
        assert.ok(!found.includes(history.at(-1)?.id ?? ''));
        for (const version of history.filter(({ id }) => found.includes(id))) {
          const named = namedPat(version);
          assert.ok(version.enabled && (named === undefined || stateOf[named] === 'revoked'));
        }
      }),
    );
  });
});

describe('in any family whose names are the record, a PAT that may be revoked', () => {
  const situations = fc
    .record({ family: families, grace: revokeAfterHours })
    .filter(({ family }) => currentOf(family, { kind: 'names' }, policy) !== undefined);

  it('is marked with a date that has passed, settled, of this organization, and not the current one', () => {
    fc.assert(
      fc.property(situations, ({ family, grace }) => {
        const current = currentOf(family, { kind: 'names' }, policy);
        assert.ok(current);
        for (const member of family.members) {
          const judged = retirementByName(member, { family, current }, { ...policy, revokeAfterHours: grace }, now);
          if (judged.kind !== 'ready') continue;
          assert.ok(member.marker.kind === 'superseded' && member.marker.revokeAfter <= now);
          assert.ok(now - member.pat.validFrom > 12 * hour && !member.pat.isGlobal && member.state === 'active');
          assert.notEqual(member, current);
          const newer = family.members.filter(
            (other) =>
              other.state === 'active' && other.marker.kind !== 'new' && other.pat.validFrom > member.pat.validFrom,
          );
          assert.ok(grace === 0 || newer.some((other) => now - other.pat.validFrom >= grace * hour));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
