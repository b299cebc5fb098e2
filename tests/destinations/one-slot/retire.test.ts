import assert from 'node:assert/strict';
import { logOf, nextRecord, type SlotRecord } from '../../../src/destinations/one-slot/record.ts';
import { familiesOf } from '../../../src/renewal/family.ts';
import { hour } from '../../../src/renewal/instant.ts';
import type { Pat } from '../../../src/renewal/pat.ts';
import type { RenewalPolicy } from '../../../src/renewal/policy.ts';
import { type Retirement, retirementByLog } from '../../../src/renewal/retire.ts';
import { account, guid, hoursLater, owner, patOf, recordOf } from './records.ts';

const policy: RenewalPolicy = {
  lifetimeDays: 60,
  renewBeforeDays: undefined,
  revokeAfterHours: 48,
  includeExpired: false,
  allOrgs: 'keep',
};

/** The PAT that the record names, and X, of which is asked whether it may go. */
interface Case {
  readonly name: string;
  readonly at: number;
  readonly record: SlotRecord;
  readonly x: Pat;
  readonly isEdited?: boolean;
  readonly expected: Retirement;
}

const current = lower(patOf(1, hoursLater(0)));
const older = lower(patOf(2, hoursLater(-500)));
const younger = lower(patOf(3, hoursLater(1)));

function lower(pat: Pat): Pat {
  return { ...pat, authorizationId: pat.authorizationId.toLowerCase() };
}

function retirement({ at, record, x, isEdited = false }: Case): Retirement {
  const active = [current, x].sort((left, right) => left.validFrom - right.validFrom);
  const [family] = familiesOf('contoso', { active, expired: [] }, hoursLater(at));
  assert.ok(family);
  const memberOf = (pat: Pat) => family.members.find((each) => each.pat.authorizationId === pat.authorizationId);
  const [recorded, member] = [memberOf(current), memberOf(x)];
  assert.ok(recorded && member);
  const edit = isEdited ? { by: 'ann', at: hoursLater(at) } : undefined;
  const [entry] = logOf(record, edit);
  assert.ok(entry?.claim);
  return retirementByLog(
    member,
    {
      ...{ family, owner, current: recorded, isListed: () => true },
      ...{ namedElsewhere: new Set<string>(), namedAtSource: new Set<string>(), mayBeInCopy: false },
    },
    {
      log: [entry],
      standing: { kind: 'own', claim: entry.claim, recorded: { kind: 'active', member: recorded } },
      ...{ isEdited, obstacle: undefined, leftOutName: undefined },
    },
    policy,
    { pats: hoursLater(at), place: hoursLater(at) },
  );
}

describe('Of a place that keeps one value', () => {
  const plain = recordOf({ id: guid(1), at: hoursLater(0) });
  const handedDown = recordOf({ id: guid(1), at: hoursLater(0), was: [{ id: guid(2), until: hoursLater(-30) }] });
  const cases: readonly Case[] = [
    {
      name: 'a PAT goes when the grace is over, from the delivery on',
      ...{ at: 48, record: plain, x: older },
      expected: { kind: 'ready' },
    },
    {
      name: 'a PAT stays while the grace lasts',
      ...{ at: 47, record: plain, x: older },
      expected: { kind: 'later', at: hoursLater(48) },
    },
    {
      name: 'a PAT that an earlier delivery superseded does not wait anew',
      ...{ at: 18, record: handedDown, x: older },
      expected: { kind: 'ready' },
    },
    {
      name: 'only the PAT that was superseded then is older in it, and no other',
      ...{ at: 18, record: handedDown, x: lower(patOf(4, hoursLater(-400))) },
      expected: { kind: 'later', at: hoursLater(48) },
    },
    {
      name: 'nothing goes after somebody’s edit',
      ...{ at: 100, record: handedDown, x: older, isEdited: true },
      expected: { kind: 'no', why: 'edited by others' },
    },
    {
      name: 'a younger PAT of which no record tells is in doubt: the value may be its own',
      ...{ at: 100, record: plain, x: younger },
      expected: { kind: 'no', why: 'doubt' },
    },
    {
      name: 'a younger PAT is in doubt whatever the record says of it',
      at: 100,
      record: recordOf({ id: guid(1), at: hoursLater(2), was: [{ id: guid(3), until: hoursLater(2) }] }),
      x: younger,
      expected: { kind: 'no', why: 'doubt' },
    },
  ];
  for (const each of cases) it(each.name, () => assert.deepEqual(retirement(each), each.expected));

  it('daily deliveries do not begin the grace anew', () => {
    const day = 24 * hour;
    let record = recordOf({ id: guid(10), at: hoursLater(0) });
    const superseded = lower(patOf(2, hoursLater(-500)));
    for (let number = 11; number < 15; number++) {
      const now = record.at + day;
      const others = [superseded];
      record = nextRecord({
        ...{ pat: patOf(number, now), familyName: 'Build feed', owner, others, replaced: record, isEdited: false, now },
      });
    }
    assert.deepEqual(record.was, [{ id: guid(2), until: hoursLater(24) }]);
    assert.equal(record.account, account);
  });
});
