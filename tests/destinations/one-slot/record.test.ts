import assert from 'node:assert/strict';
import { foreignEdit, type LastChange } from '../../../src/destinations/one-slot/last-change.ts';
import { fitting, logOf, nextRecord, type SlotRecord } from '../../../src/destinations/one-slot/record.ts';
import { account, guid, hoursLater, owner, patOf, recordOf } from './records.ts';

describe('The record of the next delivery to a place that keeps one value', () => {
  const now = hoursLater(100);
  const deliver = (fields: Partial<Parameters<typeof nextRecord>[0]> = {}): SlotRecord =>
    nextRecord({
      pat: patOf(5, hoursLater(99)),
      familyName: 'Build feed',
      owner,
      others: [patOf(1), patOf(2), patOf(3)],
      replaced: recordOf({ id: guid(3), was: [{ id: guid(1), until: hoursLater(40) }] }),
      isEdited: false,
      now,
      ...fields,
    });
  const was = (record: SlotRecord) => Object.fromEntries(record.was.map(({ id, until }) => [id, until]));

  it('names the PAT, its owner and its end, and is written by the owner', () => {
    const { id, account: whose, organization, name, at, to, by } = deliver();
    assert.deepEqual(
      [id, whose, organization, name, at, by],
      [guid(5), account, 'contoso', 'Build feed', now, account],
    );
    assert.equal(to, patOf(5, hoursLater(99)).validTo);
  });

  const cases: readonly {
    name: string;
    given: Partial<Parameters<typeof nextRecord>[0]>;
    expected: Record<string, number>;
  }[] = [
    {
      name: 'hands down since when a PAT is superseded, and says now of those that the record lacks',
      given: {},
      expected: { [guid(1)]: hoursLater(40), [guid(2)]: now, [guid(3)]: now },
    },
    {
      name: 'says now of the PAT that it replaces, whatever its past',
      given: { replaced: recordOf({ id: guid(3), was: [{ id: guid(3), until: hoursLater(1) }] }) },
      expected: { [guid(1)]: now, [guid(2)]: now, [guid(3)]: now },
    },
    {
      name: 'says now of all after somebody’s edit',
      given: { isEdited: true },
      expected: { [guid(1)]: now, [guid(2)]: now, [guid(3)]: now },
    },
    {
      name: 'says now of all where there was no record, or another account’s',
      given: { replaced: recordOf({ account: guid(901), was: [{ id: guid(1), until: hoursLater(40) }] }) },
      expected: { [guid(1)]: now, [guid(2)]: now, [guid(3)]: now },
    },
    {
      name: 'never says a time to come',
      given: { replaced: recordOf({ id: guid(3), was: [{ id: guid(1), until: hoursLater(500) }] }) },
      expected: { [guid(1)]: now, [guid(2)]: now, [guid(3)]: now },
    },
    { name: 'forgets who is not active any more', given: { others: [patOf(2)] }, expected: { [guid(2)]: now } },
    { name: 'never names itself', given: { others: [patOf(5)] }, expected: {} },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.deepEqual(was(deliver(given)), expected));
  }

  it('is one entry of a log, which knows since when it stands in others’ place', () => {
    const record = recordOf({ was: [{ id: guid(2), until: hoursLater(-30) }] });
    const [entry, ...more] = logOf(record, undefined);
    assert.deepEqual([entry?.claim?.authorizationId, entry?.at, entry?.isProven], [guid(1), record.at, true]);
    assert.deepEqual([entry?.since?.get(guid(2)), more], [hoursLater(-30), []]);
  });

  it('proves nothing once somebody else has changed the document', () => {
    assert.equal(logOf(recordOf(), { by: 'ann', at: hoursLater(1) })[0]?.isProven, false);
  });

  it('that is too long for its place loses those that were superseded last, then letters of the name', () => {
    const record = recordOf({
      was: [3, 1, 2].map((number) => ({ id: guid(number), until: hoursLater(number) })),
      name: 'x'.repeat(1000),
    });
    const format = ({ was: superseded, name }: SlotRecord) => superseded.map(({ id }) => id).join() + name;
    assert.equal(fitting(record, 1040, format), `${guid(1)}${'x'.repeat(1000)}`);
    assert.equal(fitting(record, 600, format), 'x'.repeat(500));
  });
});

describe('Somebody else’s edit of a document', () => {
  const by = (id: string | undefined, hours = 5): LastChange => ({ by: id, name: 'ann', at: hoursLater(hours) });
  const record = recordOf();
  const cases: readonly { name: string; change: LastChange; given?: SlotRecord; latest?: number; edited: boolean }[] = [
    { name: 'is none by the writer itself, however late', change: by(account), edited: false },
    { name: 'is one by another identity', change: by(guid(7)), edited: true },
    { name: 'is one too where the date is missing', change: { ...by(guid(7)), at: undefined }, edited: true },
    { name: 'whose author is not told is one if its date is no delivery’s', change: by(undefined), edited: true },
    { name: 'whose author is not told is none within half an hour', change: by(undefined, 0.5), edited: false },
    { name: 'counts from the latest of all records', change: by(undefined), latest: hoursLater(4.6), edited: false },
    {
      name: 'of which nothing is told at all cannot be seen',
      change: { by: undefined, name: '', at: undefined },
      edited: false,
    },
    {
      name: 'stays known by the note of a later write',
      change: by(account),
      given: recordOf({ edited: { by: 'ann', at: hoursLater(1) } }),
      edited: true,
    },
  ];
  for (const { name, change, given = record, latest = record.at, edited } of cases) {
    it(name, () => assert.equal(foreignEdit(given, change, latest) !== undefined, edited));
  }

  it('is told with who and when', () => {
    assert.deepEqual(foreignEdit(record, by(guid(7)), record.at), { by: 'ann', at: hoursLater(5) });
  });
});
