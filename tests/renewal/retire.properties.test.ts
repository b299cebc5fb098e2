import assert from 'node:assert/strict';
import fc from 'fast-check';
import { entriesToDiscard, type NamedState } from '../../src/renewal/discard.ts';
import { doubtful, idOf, namedByOwn } from '../../src/renewal/doubt.ts';
import type { Family } from '../../src/renewal/family.ts';
import { activeMembers, familiesOf } from '../../src/renewal/family.ts';
import { day, hour } from '../../src/renewal/instant.ts';
import { leftovers, leftoversAtMost } from '../../src/renewal/leftovers.ts';
import { isOwn, type Log, type LogEntry } from '../../src/renewal/log.ts';
import { withNewMarker, withSupersededMarker } from '../../src/renewal/marker.ts';
import { currentOf, type Observation } from '../../src/renewal/observation.ts';
import { endOf, validity } from '../../src/renewal/pat.ts';
import { planFamily } from '../../src/renewal/plan.ts';
import {
  type Retirement,
  retirementByLog,
  retirementByName,
  retirementEverywhere,
  type Situation,
} from '../../src/renewal/retire.ts';
import { type Evidence, standingOf } from '../../src/renewal/standing.ts';
import {
  around,
  names as byName,
  copied,
  delivered,
  foreign,
  memberNamed,
  now,
  owner,
  pat,
  places,
  policy,
  unrecorded,
} from './examples.ts';

const ids = ['a', 'b', 'c', 'd'];
const hours = fc.constantFrom(0, 1, 11, 12, 13, 47, 48, 49, 100, 500);
const offsets = fc.constantFrom(-1, 0, 1);
const revokeAfterHours = fc.constantFrom(0, 1, 12, 48);

const names = fc.oneof(
  fc.constantFrom('Build feed', withNewMarker('Build feed')),
  hours.map((ago) => withSupersededMarker('Build feed', now - ago * hour)),
  hours.map((ahead) => withSupersededMarker('Build feed', now + ahead * hour)),
);
const listed = fc.tuple(
  ...ids.map((id) =>
    fc
      .record({
        age: hours,
        ms: offsets,
        targets: fc.constantFrom(undefined, ['contoso-id'], ['contoso-id'], ['contoso-id', 'fabrikam-id']),
        hasEnded: fc.boolean(),
        displayName: names,
      })
      .map(({ age, ms, targets, hasEnded, displayName }) =>
        pat(id, {
          displayName,
          ...validity(targets),
          validFrom: now - age * hour + ms,
          ...(hasEnded ? { validTo: now - 1 } : {}),
        }),
      ),
  ),
);
const families = listed.map((pats): Family => {
  const [family] = familiesOf('contoso', { active: pats, expired: [] }, now);
  assert.ok(family);
  return family;
});

/** Entries of all kinds, in seconds that often tie; the newest is one of the latest. */
const logs = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        'delivered',
        'delivered',
        'delivered',
        'unrecorded',
        'copied',
        'another account’s',
        'another organization’s',
        'not served',
        'one of a place without versions',
      ),
      id: fc.constantFrom(...ids, 'elsewhere'),
      age: hours,
      since: hours,
    }),
    { maxLength: 8 },
  )
  .map((drafts) =>
    drafts.map(({ kind, id, age, since }, index) =>
      entryOf(`v${index}`, kind, id, now - age * hour, now - since * hour),
    ),
  )
  .map((entries): Log => [...entries].sort((a, b) => a.at - b.at));

function entryOf(key: string, kind: string, id: string, at: number, since: number): LogEntry {
  switch (kind) {
    case 'unrecorded':
      return unrecorded(key, at);
    case 'copied':
      return copied(key, id, at);
    case 'another account’s':
      return foreign(key, id, at);
    case 'another organization’s':
      return foreign(key, id, at, { organization: 'before' });
    case 'not served':
      return delivered(key, id, at, { isServed: false });
    case 'one of a place without versions':
      return delivered(key, id, at, { since: new Map(ids.map((other) => [other, Math.min(since, at)])) });
    default:
      return delivered(key, id, at);
  }
}

/** What stands at a place with this log, as a destination tells it. */
function evidenceOf(log: Log, family: Family, isListed: (id: string) => boolean, isEdited: boolean): Evidence {
  const newest = log.at(-1);
  const rest = { log, isEdited, obstacle: undefined, leftOutName: undefined };
  if (newest === undefined) return { ...rest, standing: { kind: 'nothing' } };
  const proven = newest.isProven ? newest.claim : undefined;
  if (!newest.isServed)
    return { ...rest, standing: standingOf({ kind: 'disabled', claim: proven }, owner, gone, isListed) };
  if (proven === undefined) return { ...rest, standing: { kind: 'unrecorded', value: 'pat' } };
  const member = family.members.find((one) => idOf(one) === proven.authorizationId);
  const lookUp = () => (member === undefined ? gone() : { kind: member.state, member });
  return { ...rest, standing: standingOf({ kind: 'delivered', claim: proven }, owner, lookUp, isListed) };
}

function gone() {
  return { kind: 'gone' } as const;
}

const situations = fc
  .record({
    family: families,
    log: logs,
    listedHere: fc.subarray([...ids, 'elsewhere']),
    elsewhere: fc.subarray(ids),
    atSource: fc.subarray(ids),
    isEdited: fc.boolean(),
    grace: revokeAfterHours,
  })
  .chain((drawn) => {
    const isListed = (id: string) => drawn.listedHere.includes(id);
    const place = evidenceOf(drawn.log, drawn.family, isListed, drawn.isEdited);
    const standing = currentOf(drawn.family, places(place), policy);
    // Mostly the PAT that stands there, or what a fault of the caller's might take for it.
    const current =
      standing === undefined
        ? fc.constantFrom(...drawn.family.members)
        : fc.oneof({ weight: 4, arbitrary: fc.constant(standing) }, fc.constantFrom(...drawn.family.members));
    return fc.record({ drawn: fc.constant({ ...drawn, isListed, place }), current });
  });

type Drawn = typeof situations extends fc.Arbitrary<infer T> ? T : never;

function judgeAll({ drawn, current }: Drawn, clocks = { pats: now, place: now }) {
  const { family, place, isListed, elsewhere, atSource, grace } = drawn;
  const situation: Situation = {
    family,
    owner,
    current,
    isListed,
    namedElsewhere: new Set(elsewhere),
    namedAtSource: new Set(atSource),
    mayBeInCopy: false,
  };
  const overrides = { ...policy, revokeAfterHours: grace };
  return family.members.map((member) => ({
    member,
    retirement: retirementByLog(member, situation, place, overrides, clocks),
  }));
}

describe('in any log of any family, a PAT that may be revoked', () => {
  const eachReady = (check: (member: Family['members'][number], given: Drawn) => void) => {
    let found = 0;
    fc.assert(
      fc.property(situations, (given) => {
        for (const { member, retirement } of judgeAll(given)) {
          if (retirement.kind !== 'ready') continue;
          found++;
          check(member, given);
        }
      }),
      { numRuns: 4000 },
    );
    assert.ok(found > 20, `the cases say something: ${found}`);
  };
  const isOurs = ({ isListed }: Drawn['drawn'], { claim, isProven }: LogEntry) =>
    isProven && claim !== undefined && isOwn(claim, owner, isListed);

  it('is never the one that the newest valid record names, nor the current one', () => {
    eachReady((member, { drawn, current }) => {
      const newest = drawn.log.findLast((entry) => entry.isServed && isOurs(drawn, entry));
      assert.notEqual(newest?.claim?.authorizationId, idOf(member));
      assert.notEqual(idOf(current), idOf(member));
    });
  });

  it('is active, older than 12 hours, of this organization alone, and in no other record', () => {
    eachReady(({ pat: given, state }, { drawn }) => {
      assert.equal(state, 'active');
      assert.ok(now - given.validFrom > 12 * hour);
      assert.ok(!given.isShared);
      assert.ok(!drawn.elsewhere.includes(given.authorizationId));
    });
  });

  it('was superseded by an own, proven, served delivery of another active PAT of its family, at least the grace period ago', () => {
    eachReady((member, { drawn, current }) => {
      const { log, family, grace } = drawn;
      const id = idOf(member);
      const mayHold = log.filter((entry) => entry.claim?.authorizationId === id || !entry.isProven);
      const isNamed = log.some((entry) => isOurs(drawn, entry) && entry.claim?.authorizationId === id);
      const superseding = log.filter((entry) => {
        const successor = activeMembers(family).find((one) => idOf(one) === entry.claim?.authorizationId);
        const isNewerThanAll = mayHold.every(
          (older) => older !== entry && (entry.at > older.at || entry === log.at(-1)),
        );
        const isAfter = isNamed || (successor !== undefined && successor.pat.validFrom > member.pat.validFrom);
        return (
          entry.isServed &&
          isOurs(drawn, entry) &&
          successor !== undefined &&
          successor !== member &&
          isAfter &&
          isNewerThanAll
        );
      });
      const ages = superseding.map(({ at, since }) => now - (since?.get(id) ?? at));
      assert.ok(Math.max(...ages) >= grace * hour);
      assert.ok(log.some(({ claim }) => claim?.authorizationId === id) || now - member.pat.validFrom >= grace * hour);
      assert.equal(current.state, 'active');
    });
  });

  it('is of a family in which nothing is in doubt, whose place holds the current PAT, and which nobody has edited', () => {
    eachReady((_, { drawn, current }) => {
      const named = new Set([...drawn.atSource, ...namedByOwn(drawn.place, owner, drawn.isListed)]);
      assert.deepEqual(doubtful(drawn.family, current, named, now), []);
      assert.equal(currentOf(drawn.family, places(drawn.place), policy), current);
      assert.ok(!drawn.isEdited);
    });
  });

  it('leaves one in use that goes on working', () => {
    eachReady((_, { current }) => assert.ok(!current.pat.isGlobal || endOf(current.pat) - now > 14 * day));
  });

  it('may be revoked later too: time alone takes back no leave', () => {
    fc.assert(
      fc.property(situations, fc.constantFrom(1, hour), (given, wait) => {
        const before = judgeAll(given);
        const after = judgeAll(given, { pats: now, place: now + wait });
        for (const [index, { retirement }] of before.entries()) {
          if (retirement.kind === 'ready') assert.equal(after[index]?.retirement.kind, 'ready');
          // A date that is told holds: nothing goes before it.
          if (retirement.kind === 'later') assert.notEqual(after[index]?.retirement.kind, 'no');
        }
      }),
    );
  });
});

describe('of any number of places', () => {
  const rank = (retirement: Retirement) =>
    retirement.kind === 'ready' ? -Infinity : retirement.kind === 'later' ? retirement.at : Infinity;
  const retirements = fc.array(
    fc.oneof(
      fc.constant<Retirement>({ kind: 'ready' }),
      fc.integer({ min: 1, max: 9 }).map((at): Retirement => ({ kind: 'later', at })),
      fc.constantFrom<Retirement>({ kind: 'no', why: 'doubt' }, { kind: 'no', why: 'not superseded' }),
      fc.constant<Retirement>({ kind: 'current' }),
    ),
  );

  it('all together are never laxer than any single one', () => {
    fc.assert(
      fc.property(retirements, (each) => {
        const together = rank(retirementEverywhere(each));
        assert.ok(each.every((one) => together >= rank(one)));
        assert.equal(together, each.length === 0 ? Infinity : Math.max(...each.map(rank)));
      }),
    );
  });
});

describe('in any log of any family, the entries to discard', () => {
  const states = fc.record(
    Object.fromEntries(
      [...ids, 'elsewhere'].map((id) => [id, fc.constantFrom<NamedState>('active', 'expired', 'revoked', 'unknown')]),
    ),
  );

  it('are served, each once, and never the newest or one whose PAT is known to work', () => {
    fc.assert(
      fc.property(families, logs, states, (family, log, stateOf) => {
        const [current] = family.members;
        assert.ok(current);
        const found = entriesToDiscard(
          { family, owner, log, current },
          () => true,
          (id) => stateOf[id] ?? 'unknown',
        );
        assert.equal(new Set(found).size, found.length);
        assert.ok(!found.includes(log.at(-1)?.key ?? ''));
        for (const { isServed, claim } of log.filter(({ key }) => found.includes(key))) {
          assert.ok(isServed && (claim === undefined || stateOf[claim.authorizationId] === 'revoked'));
        }
      }),
    );
  });
});

describe('in any family whose names are the record, a PAT that may be revoked', () => {
  const drawn = fc
    .record({ family: families, grace: revokeAfterHours })
    .filter(({ family }) => currentOf(family, byName, policy) !== undefined);

  it('is marked with a date that has passed, settled, of this organization, and not the current one', () => {
    fc.assert(
      fc.property(drawn, ({ family, grace }) => {
        const current = currentOf(family, byName, policy);
        assert.ok(current);
        for (const member of family.members) {
          const judged = retirementByName(member, { family, current }, { ...policy, revokeAfterHours: grace }, now);
          if (judged.kind !== 'ready') continue;
          assert.ok(member.marker.kind === 'superseded' && member.marker.revokeAfter <= now);
          assert.ok(now - member.pat.validFrom > 12 * hour && !member.pat.isShared && member.state === 'active');
          assert.notEqual(member, current);
          const newer = activeMembers(family).filter(
            (other) => other.marker.kind !== 'new' && other.pat.validFrom > member.pat.validFrom,
          );
          assert.ok(grace === 0 || newer.some((other) => now - other.pat.validFrom >= grace * hour));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is never revoked by a current one that was not confirmed', () => {
    fc.assert(
      fc.property(drawn, ({ family }) => {
        assert.equal(currentOf(family, byName, policy)?.marker.kind, 'none');
      }),
    );
  });
});

describe('of any family, whatever remembers it', () => {
  const observations = fc.oneof(
    fc.record({ family: families, observation: fc.constant<Observation>(byName) }),
    fc.record({ family: families, log: logs }).map(({ family, log }) => ({
      family,
      observation: places(evidenceOf(log, family, () => true, false)) as Observation,
    })),
  );
  const policies = fc.record({
    renewBeforeDays: fc.constantFrom(undefined, 0, 14),
    includeExpired: fc.boolean(),
    allOrgs: fc.constantFrom('keep', 'false', 'true'),
  } as const);

  it('no PAT is made while as many are left over as are allowed', () => {
    fc.assert(
      fc.property(observations, policies, ({ family, observation }, overrides) => {
        const circumstances = around({ isListed: () => true });
        const plan = planFamily(family, observation, { ...policy, ...overrides }, circumstances);
        if (plan.kind !== 'replace') return;
        const left = leftovers(family, observation, owner, circumstances.isListed, now);
        assert.ok(left.length < leftoversAtMost[observation.kind]);
        // Where nothing is recorded yet, one of them is what consumers use.
        const isRecorded = currentOf(family, observation, { ...policy, ...overrides }) !== undefined;
        assert.equal(plan.isPlaceAskedFirst, left.length > (isRecorded ? 0 : 1));
      }),
      { numRuns: 2000 },
    );
  });

  it('what is kept is active, and where it must not go nothing is made', () => {
    fc.assert(
      fc.property(observations, policies, ({ family, observation }, overrides) => {
        const plan = planFamily(family, observation, { ...policy, ...overrides }, around({ isListed: () => true }));
        if (plan.kind === 'keep') assert.equal(plan.current.state, 'active');
        if (plan.kind === 'replace')
          assert.equal(memberNamed(family, plan.previous.pat.authorizationId), plan.previous);
        if (plan.kind === 'replace' && observation.kind === 'places') {
          assert.ok(!observation.source.standing.kind.startsWith('of another'));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
