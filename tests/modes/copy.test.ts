import assert from 'node:assert/strict';
import { reconcileAll } from '../../src/modes/advanced.ts';
import type { Log, Occupant } from '../../src/renewal/log.ts';
import { claim, delivered, familyOf, hoursAgo, pat, unrecorded } from '../renewal/examples.ts';
import { runOf, secretShowing, selectedAt } from './examples.ts';

const log: Log = [delivered('v1', 'a', hoursAgo(60))];
const own: Occupant = { kind: 'delivered', claim: claim('a', hoursAgo(60)) };

/** What is said of each place of a family that is not due: of its source, and of one that follows. */
async function followed(occupant: Occupant, followerLog: Log, unseen: readonly string[] = []) {
  const { context } = runOf({ mode: 'advanced', renewBeforeDays: '14' });
  const places = [secretShowing(own, log), secretShowing(occupant, followerLog, 'follower')];
  const [result] = await reconcileAll({ ...context, unseen }, [selectedAt(familyOf(pat('a')), ...places)]);
  const [entry] = result?.entries ?? [];
  return { action: entry?.action, outcome: entry?.outcome, follower: entry?.destinations?.[1] };
}

describe('A place that follows', () => {
  it('is left as it is where it holds the PAT in use', async () => {
    const { action, follower } = await followed(own, log);
    assert.deepEqual([action, follower], ['skip', { place: 'kv1/follower', outcome: 'done' }]);
  });

  it('is given the value of the PAT in use where it holds nothing', async () => {
    const { action, outcome, follower } = await followed({ kind: 'nothing' }, []);
    assert.deepEqual([action, outcome, follower?.outcome], ['copy', 'planned', 'planned']);
  });

  it('is given it where it holds an older one of its own', async () => {
    const older: Log = [delivered('v1', 'gone', hoursAgo(900))];
    const { action } = await followed({ kind: 'delivered', claim: claim('gone', hoursAgo(900)) }, older);
    assert.equal(action, 'copy');
  });

  it('is given nothing for the first time while an organization cannot be read: its names may lead there too', async () => {
    const { outcome, follower } = await followed({ kind: 'nothing' }, [], ['fabrikam']);
    assert.equal(outcome, 'failed');
    assert.match(follower?.message ?? '', /^organization "fabrikam" could not be read/);
  });

  it('makes the PAT refused where it holds what is somebody’s', async () => {
    const { outcome } = await followed({ kind: 'unrecorded', value: 'other' }, [unrecorded('v1', hoursAgo(9))]);
    assert.equal(outcome, 'failed');
  });
});
