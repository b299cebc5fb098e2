import assert from 'node:assert/strict';
import { warnOfEnd } from '../../src/modes/ends.ts';
import { reportAll } from '../../src/modes/report.ts';
import type { Pat } from '../../src/renewal/pat.ts';
import { deed, isInUse } from '../../src/report/words.ts';
import { delivered, familyOf, hoursAgo, inHours, memberNamed, now, pat } from '../renewal/examples.ts';
import { runOf, secretShowing, selectedAt } from './examples.ts';

const day = 24;

describe('A PAT that ends soon is told of', () => {
  const told = (mode: string, given: Partial<Pat> = {}) => {
    const { context, warnings } = runOf({ mode });
    const family = familyOf(pat('a', { validTo: inHours(5 * day), ...given }));
    warnOfEnd(context, selectedAt(family), memberNamed(family, 'a'));
    return warnings().join();
  };

  const advice = [
    { mode: 'report', expected: 'Renew it with mode simple or advanced.' },
    { mode: 'revoke', expected: 'Mode revoke renews nothing: renew it with mode advanced.' },
    { mode: 'simple', expected: 'This run has not renewed it: its line or its error says why.' },
    { mode: 'advanced', expected: 'This run has not renewed it: its line or its error says why.' },
  ];
  for (const { mode, expected } of advice) {
    it(`with what helps: in mode ${mode}, "${expected}"`, () => {
      assert.equal(told(mode), `"Build feed" (contoso) ends on 2026-10-10T04:00:00Z, within 14 days. ${expected}`);
    });
  }

  it('in the past tense once it has ended', () => {
    assert.match(
      told('report', { validTo: now - 1000 }),
      /^"Build feed" \(contoso\) ended on 2026-10-05T03:59:59Z\. Renew/,
    );
  });
});

describe('Mode report, of several PATs of one name,', () => {
  const old = pat('old', { validFrom: hoursAgo(200), validTo: inHours(3 * day) });
  const young = pat('young', { validFrom: hoursAgo(100) });

  it('does not ask to renew the older one, although no place says which is in use', async () => {
    const { context, warnings } = runOf({ mode: 'report', keyVault: '' });
    const selected = {
      ...selectedAt(familyOf(old, young)),
      destination: { kind: 'handed over', variable: 'PAT_BUILD_FEED' },
    } as const;
    const [{ entries } = { entries: [] }] = await reportAll(context, [selected]);

    assert.deepEqual(warnings(), []);
    assert.deepEqual(
      entries.map((entry) => [entry.authorizationId, deed(entry, now), isInUse(entry, now)]),
      [
        ['old', 'older', false],
        ['young', 'in use', true],
      ],
    );
  });

  it('does not ask to replace one of several organizations that has its successor', async () => {
    const { context, warnings } = runOf({ mode: 'report' });
    const shared = { ...old, isShared: true, targetAccounts: ['contoso-id', 'fabrikam-id'] };
    const log = [delivered('v1', 'old', hoursAgo(199)), delivered('v2', 'young', hoursAgo(99))];
    const claim = log[1]?.claim;
    assert.ok(claim !== undefined);
    const selected = selectedAt(familyOf(shared, young), secretShowing({ kind: 'delivered', claim }, log));
    const [{ entries, currents } = { entries: [], currents: [] }] = await reportAll(context, [selected]);

    assert.deepEqual(warnings(), []);
    assert.deepEqual(
      currents.map((member) => member.pat.authorizationId),
      ['young'],
    );
    assert.equal(
      entries.find(({ authorizationId }) => authorizationId === 'old')?.message,
      'Left: it is valid in more than one organization.',
    );
  });
});
