import assert from 'node:assert/strict';
import { reconcileAll } from '../../src/modes/advanced.ts';
import type { Occupant } from '../../src/renewal/log.ts';
import { withNewMarker } from '../../src/renewal/marker.ts';
import { delivered, familyOf, hoursAgo, inHours, now, pat, unrecorded } from '../renewal/examples.ts';
import { runOf, secretShowing, selectedAt } from './examples.ts';

const somebodys = (putBack: number): Occupant => ({ kind: 'unrecorded', value: 'pat', putBack });
const putBackOn = [delivered('v1', 'a', hoursAgo(90)), unrecorded('v2', hoursAgo(9))];
const renewing = { mode: 'advanced', renewBeforeDays: '14' };

describe('Mode advanced tells of an older value that somebody has put back', () => {
  const told = async (...occupants: readonly Occupant[]) => {
    const { context, warnings } = runOf(renewing);
    const names = ['build', 'deploy', 'wiki'];
    await reconcileAll(
      context,
      occupants.map((occupant, index) => {
        const displayName = names[index] ?? '';
        const family = familyOf(pat(`pat-${index}`, { displayName }));
        return selectedAt(family, secretShowing(occupant, putBackOn, displayName));
      }),
    );
    return warnings();
  };

  it('and that it is replaced all the same, and who must say that it was meant', async () => {
    assert.deepEqual(await told(somebodys(1)), [
      'An older value was put back into secret kv1/build ("build" (contoso)) by hand: it would be replaced. If it was meant, whoever ' +
        'keeps the rules must leave the PAT out by a rule ("!name") in the input pats.',
    ]);
  });

  const counts = [
    { putBack: 2, ordinal: '2nd' },
    { putBack: 3, ordinal: '3rd' },
    { putBack: 4, ordinal: '4th' },
    { putBack: 11, ordinal: '11th' },
    { putBack: 12, ordinal: '12th' },
    { putBack: 21, ordinal: '21st' },
  ];
  for (const { putBack, ordinal } of counts) {
    it(`and how often: for the ${ordinal} time`, async () => {
      const [sentence = ''] = await told(somebodys(putBack));
      assert.ok(
        sentence.includes(`by hand for the ${ordinal} time: it would be replaced as before, and will be each time.`),
        sentence,
      );
    });
  }

  it('once for all of them', async () => {
    assert.deepEqual(await told(somebodys(1), somebodys(3)), [
      'Older values were put back by hand into secret kv1/build ("build" (contoso)) and secret kv1/deploy ("deploy" (contoso)) for the 3rd ' +
        'time: each would be replaced, and will be each time. If they were meant, whoever keeps the rules must leave these PATs out ' +
        'by rules ("!name") in the input pats.',
    ]);
  });

  it('and nothing of a value that was not there before', async () => {
    assert.deepEqual(await told({ kind: 'unrecorded', value: 'pat' }), []);
  });
});

describe('Mode advanced tells why', () => {
  it('a family is renewed for a new place although it is not due, and that its new end is earlier', async () => {
    const { context, notices } = runOf({ ...renewing, lifetimeDays: '20' });
    await reconcileAll(context, [selectedAt(familyOf(pat('a')), secretShowing({ kind: 'nothing' }, []))]);
    assert.ok(
      notices().includes(
        '"Build feed" (contoso) would be renewed, due or not, for a place that held nothing of this task: no value of a PAT can be read back, so ' +
          'it could only get a new one. The new end is earlier than the old one (2026-11-04T04:00:00Z).',
      ),
      notices().join('\n'),
    );
  });

  it('one is replaced whose secret is disabled, and what to do if that was meant', async () => {
    const { context, warnings } = runOf(renewing);
    const log = [delivered('v1', 'a', hoursAgo(90), { isServed: false })];
    await reconcileAll(context, [
      selectedAt(familyOf(pat('a')), secretShowing({ kind: 'disabled', claim: undefined }, log)),
    ]);
    assert.deepEqual(warnings(), [
      'The newest version of secret kv1/build ("Build feed" (contoso)) is disabled, so its consumers read nothing. It would be ' +
        'replaced; if it was disabled on purpose, leave the PAT out in the input pats.',
    ]);
  });

  it('values that were handed over never came into use, once for all of them, with their ends', async () => {
    const { context, warnings } = runOf(renewing);
    const selected = ['build', 'deploy'].map((name) => {
      const left = pat(`new-${name}`, {
        displayName: withNewMarker(name),
        validFrom: hoursAgo(13),
        validTo: inHours(700),
      });
      const family = familyOf(pat(`old-${name}`, { displayName: name }), left);
      return { ...selectedAt(family), destination: { kind: 'handed over', variable: `PAT_${name}` } } as const;
    });
    await reconcileAll(context, selected);
    const [sentence = '', ...more] = warnings();
    assert.deepEqual(more, []);
    assert.match(
      sentence,
      /^These values were handed over and never confirmed: "build \(Renew PATs: new\)" \(contoso, new-build\), made /,
    );
    assert.match(sentence, /"deploy \(Renew PATs: new\)" \(contoso, new-deploy\)/);
  });
});

describe('Mode advanced, in the line of a replaced PAT,', () => {
  it('gives the date from which on the old one may be revoked', async () => {
    const { context } = runOf(renewing);
    const log = [delivered('v1', 'a', hoursAgo(900))];
    const claimed = log[0]?.claim;
    assert.ok(claimed !== undefined);
    const family = familyOf(pat('a', { validTo: inHours(24) }));
    const [result] = await reconcileAll(context, [
      selectedAt(family, secretShowing({ kind: 'delivered', claim: claimed }, log)),
    ]);
    const [entry] = result?.entries ?? [];
    assert.deepEqual([entry?.action, entry?.outcome, entry?.revokeAfter], ['replace', 'planned', now + 48 * 3_600_000]);
  });
});
