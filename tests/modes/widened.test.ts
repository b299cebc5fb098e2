import assert from 'node:assert/strict';
import { reconcileAll } from '../../src/modes/advanced.ts';
import type { Log } from '../../src/renewal/log.ts';
import { claim, delivered, familyOf, hoursAgo, pat } from '../renewal/examples.ts';
import { runOf, secretShowing, selectedAt } from './examples.ts';

const recorded = pat('recorded', { scope: 'vso.packaging vso.profile', validFrom: hoursAgo(60) });
const old = pat('old', { validFrom: hoursAgo(900) });
const log: Log = [delivered('v1', 'old', hoursAgo(900)), delivered('v2', 'recorded', hoursAgo(60))];
const holds = secretShowing({ kind: 'delivered', claim: claim('recorded', hoursAgo(60)) }, log);

/** Both families of the name, as the run after the one whose creation came back with more finds them. */
async function reconciled(older = old) {
  const { context, warnings } = runOf({ mode: 'advanced', renewBeforeDays: '14' });
  const families = [selectedAt(familyOf(older), holds), selectedAt(familyOf(recorded), holds)];
  const [first, second] = families;
  assert.ok(first !== undefined && second !== undefined);
  const listing = { ...first.listing, find: (id: string) => (id === 'old' ? first : second).listing.find(id) };
  const results = await reconcileAll(
    context,
    families.map((family) => ({ ...family, listing })),
  );
  return { entries: results.flatMap(({ entries }) => entries), warnings: warnings() };
}

describe('PATs whose successor came back with more scopes than were asked for', () => {
  it('stay one family by what the record names: the old one goes as any other', async () => {
    const { entries } = await reconciled();
    assert.deepEqual(
      entries.map(({ authorizationId, action, outcome }) => [authorizationId, action, outcome]),
      [
        ['recorded', 'skip', 'skipped'],
        ['old', 'revoke', 'planned'],
      ],
    );
  });

  it('are told of, with both scopes', async () => {
    const { warnings } = await reconciled();
    assert.ok(
      warnings.includes(
        '"Build feed" (contoso): the PAT in use (recorded) has the scopes "vso.packaging vso.profile", and older ones of that name have ' +
          '"vso.packaging". By the record of secret kv1/build it took their place: these are revoked as any other, and its successors ' +
          'get the same scopes. If that is too much, make a PAT with fewer by hand.',
      ),
      warnings.join('\n'),
    );
  });

  it('are refused as before where the record says nothing of one: it is younger', async () => {
    const { entries } = await reconciled(pat('old', { validFrom: hoursAgo(20) }));
    assert.deepEqual(
      entries.map(({ outcome }) => outcome),
      ['failed', 'failed'],
    );
  });
});
