import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromJson, toJson } from '../../../src/destinations/one-slot/record-in-json.ts';
import {
  fromLine,
  hasRoom,
  personalLimit,
  readDescription,
  toLine,
  withRecord,
} from '../../../src/destinations/one-slot/record-in-line.ts';
import { guid, hoursLater, recordOf, someRecord } from './records.ts';

describe('A record as a variable’s text', () => {
  it('has these fields, for ever', () => {
    const record = recordOf({
      was: [{ id: guid(2), until: hoursLater(-30) }],
      edited: { by: 'ann', at: hoursLater(1) },
    });
    assert.deepEqual(JSON.parse(toJson(record)), {
      v: 1,
      id: guid(1),
      account: guid(900),
      organization: 'contoso',
      name: 'Build feed',
      by: guid(900),
      at: '2026-11-23T04:00:00.000Z',
      to: '2027-01-22T04:00:00.000Z',
      was: [{ id: guid(2), until: '2026-11-21T22:00:00.000Z' }],
      edited: { by: 'ann', at: '2026-11-23T05:00:00.000Z' },
    });
  });

  it('reads back as it was', () => {
    fc.assert(fc.property(someRecord, (record) => assert.deepEqual(fromJson(toJson(record)), record)));
  });

  it('fits into a variable however many PATs it supersedes', () => {
    const was = Array.from({ length: 200 }, (_, number) => ({ id: guid(number), until: hoursLater(number) }));
    const text = toJson(recordOf({ was, name: '"'.repeat(400) }));
    assert.ok(text.length <= 4096);
    assert.ok((fromJson(text)?.was.length ?? 0) > 30);
  });

  for (const text of [
    '',
    'null',
    '[]',
    '"text"',
    '{}',
    '{"v":2,"id":"a","account":"b","organization":"c"}',
    '{"v":1,"id":"a"}',
    toJson(recordOf()).slice(0, -1),
  ]) {
    it(`is none where somebody wrote ${JSON.stringify(text).slice(0, 60)}`, () =>
      assert.equal(fromJson(text), undefined));
  }

  it('is none for whatever text there may be, and never an error', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.equal(fromJson(text), undefined)));
  });

  it('that somebody has edited loses what cannot be read, and knows an edit without a date', () => {
    const text = JSON.stringify({
      ...JSON.parse(toJson(recordOf())),
      was: [1, { id: 'x' }, null],
      edited: {},
      name: 5,
    });
    const { was, edited, name } = fromJson(text) ?? recordOf();
    assert.deepEqual([was, edited, name], [[], { by: '', at: 0 }, '']);
  });
});

describe('A record as the last line of a description', () => {
  it('looks like this, for ever', () => {
    const record = recordOf({ was: [{ id: guid(2), until: hoursLater(-30) }] });
    assert.equal(
      toLine(record),
      '[renew-pats 1 id=AAAAAAAAQACAAAAAAAAAAQ account=AAAAAAAAQACAAAAAAAAJAA org=contoso at=2026-11-23T04:00:00Z ' +
        'to=2027-01-22T04:00:00Z name=Build%20feed was=AAAAAAAAQACAAAAAAAAAAg@2026-11-21T22:00:00Z]',
    );
  });

  it('reads back as it was, and the person’s text with it', () => {
    const personal = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.constantFrom('two\r\nlines\n', '\n', '[renew-pats 2 x]'),
    );
    fc.assert(
      fc.property(personal, someRecord, (text, record) => {
        const read = readDescription(withRecord(text, record));
        assert.equal(read.personal, text);
        assert.deepEqual(read.record && { ...read.record, was: [] }, { ...record, was: [] });
        for (const each of read.record?.was ?? [])
          assert.ok(record.was.some(({ id, until }) => id === each.id && until === each.until));
      }),
    );
  });

  it('never has more than 500 characters, and 1,024 with the longest text that there is room for', () => {
    const was = Array.from({ length: 30 }, (_, number) => ({ id: guid(number), until: hoursLater(number) }));
    const record = recordOf({
      was,
      name: 'ö'.repeat(200),
      organization: 'x'.repeat(50),
      edited: { by: 'é'.repeat(99), at: 0 },
    });
    assert.ok(toLine(record).length <= 500);
    assert.ok(fromLine(toLine(record)));
    const personal = 'p'.repeat(personalLimit);
    assert.ok(hasRoom(personal) && !hasRoom(`${personal}p`));
    assert.ok(withRecord(personal, record).length <= 1024);
  });

  it('rounds since when a PAT is superseded up, never down', () => {
    const line = toLine(recordOf({ was: [{ id: guid(2), until: hoursLater(1) + 1 }] }));
    assert.equal(fromLine(line)?.was[0]?.until, hoursLater(1) + 1000);
  });

  it('is found wherever a person has put lines around it, and is none if there are two', () => {
    const line = toLine(recordOf());
    const found = readDescription(`above\n${line}\nbelow`);
    assert.deepEqual([found.personal, found.record?.id], ['above\nbelow', guid(1)]);
    assert.equal(readDescription(`${line}\n${line}`).record, undefined);
  });

  it('is none for whatever text there may be, and never an error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.deepEqual(readDescription(text), { personal: text, record: undefined });
        assert.equal(fromLine(`[renew-pats 1 ${text}]`), undefined);
      }),
    );
  });
});
