import assert from 'node:assert/strict';
import type { Delivered, Looking, Parcel, Place, Sight } from '../../src/destinations/port.ts';
import type { Instant } from '../../src/renewal/instant.ts';
import type { Log, Owner } from '../../src/renewal/log.ts';
import type { Pat } from '../../src/renewal/pat.ts';
import { ServiceError } from '../../src/services/service-error.ts';

/** What becomes of the next write to the place. */
export type WriteFault = 'refused' | 'request lost' | 'answer lost' | 'error, not done' | 'error, done';

/** A PAT with its value, as it was just made. */
export interface MadePat {
  readonly pat: Pat;
  readonly token: string;
}

/** A destination with one place on it, in a world of its own. */
export interface Stage {
  readonly owner: Owner;
  /** The place as a further run sees it; two of them share nothing but the world. */
  readonly openRun: () => Place;
  /** Another place of the same destination, in the run of the first. */
  readonly openOther: () => Place;
  /** What consumers are given there; undefined: nothing. */
  readonly served: () => string | undefined;
  /** Somebody puts a value there by hand. */
  readonly putByHand: (value: string) => void;
  readonly make: () => MadePat;
  readonly faultNext: (fault: WriteFault) => void;
  /** From now on every write is answered so. */
  readonly faultAlways: (fault: WriteFault) => void;
  /** Requests that could change something, so far. */
  readonly writes: () => number;
  readonly advance: (minutes: number) => void;
  readonly now: () => Instant;
  /** What consumers are given at the other place. */
  readonly servedOther: () => string | undefined;
  /** Everything beside the two places’ values and records: people’s own things. */
  readonly rest: () => unknown;
  /** All texts that the services keep beside the value. */
  readonly texts: () => string;
}

/** How a run looks, unless a case says otherwise. */
export function looking(owner: Owner, over: Partial<Looking> = {}): Looking {
  return { owner, isAdopting: true, takeOver: false, isAnothers: async () => false, ...over };
}

export function parcelOf(made: MadePat, over: Partial<Parcel> = {}): Parcel {
  return {
    ...made,
    familyName: 'Build feed',
    others: [],
    checkTime: () => {},
    isOutrankedBy: async () => false,
    ...over,
  };
}

/** Since when a PAT is superseded by what the log tells. */
export function supersededSince(log: Log, id: string): Instant | undefined {
  const named = log.findLastIndex(({ claim }) => claim?.authorizationId === id.toLowerCase());
  const [next] = log.slice(named + 1);
  return next === undefined ? undefined : (next.since?.get(id.toLowerCase()) ?? next.at);
}

/** What the port promises, held against one destination. */
export function describeConformance(name: string, open: () => Stage): void {
  describe(`${name} keeps what the port promises`, () => {
    for (const { promise, check } of conformanceOf(open)) it(promise, check);
  });
}

/** Each promise with its check, which throws if it is not kept; each on a stage of its own. */
export function conformanceOf(open: () => Stage): readonly { promise: string; check: () => Promise<void> }[] {
  const promises: { promise: string; check: () => Promise<void> }[] = [];
  let stage: Stage;
  let place: Place;
  const promised = (promise: string, check: () => Promise<void>) => {
    const onItsStage = async () => {
      stage = open();
      place = stage.openRun();
      await check();
    };
    promises.push({ promise, check: onItsStage });
  };
  const look = (over: Partial<Looking> = {}, at: Place = stage.openRun()): Promise<Sight> =>
    at.look(looking(stage.owner, over));
  const deliver = async (made: MadePat, over: Partial<Parcel> = {}): Promise<Delivered> =>
    (await look()).deliver(parcelOf(made, over));

  promised('says how it is called, and where two places are one', async () => {
    assert.ok(place.phrase.includes(place.label));
    assert.equal(place.key, stage.openRun().key);
    assert.notEqual(place.key, stage.openOther().key);
    assert.equal(place.key, place.key.toLowerCase());
  });

  promised('shows what was delivered, and consumers are given it', async () => {
    const made = stage.make();
    const delivered = await deliver(made);
    assert.equal(delivered.kind, 'delivered');
    assert.equal(stage.served(), made.token);
    for (const sight of [await look(), ...(delivered.kind === 'delivered' ? [delivered.after] : [])]) {
      const { occupant, log, edit } = sight;
      const claim = occupant.kind === 'delivered' ? occupant.claim : undefined;
      assert.equal(claim?.authorizationId, made.pat.authorizationId.toLowerCase());
      assert.deepEqual([claim?.account, claim?.organization], [stage.owner.account, stage.owner.organization]);
      assert.equal(claim?.displayName, 'Build feed');
      assert.equal(log.at(-1)?.claim?.authorizationId, claim?.authorizationId);
      assert.deepEqual([log.at(-1)?.isServed, log.at(-1)?.isProven, edit], [true, true, undefined]);
    }
  });

  promised('writes nothing while it looks, and tells the service’s time', async () => {
    await deliver(stage.make());
    const before = stage.writes();
    const sight = await look();
    await look({ isAdopting: false });
    assert.equal(await sight.isUnchanged(), true);
    sight.preview(parcelOf(stage.make()));
    assert.equal(stage.writes(), before);
    assert.ok(sight.tellsTime());
    assert.ok(Math.abs(sight.now() - stage.now()) <= 1000);
  });

  promised('changes nothing when it asks whether it takes writes', async () => {
    const made = stage.make();
    await deliver(made);
    const sight = await look();
    await sight.checkWritable?.();
    assert.deepEqual([stage.served(), await sight.isUnchanged()], [made.token, true]);
  });

  promised('knows the end of what it holds', async () => {
    const made = stage.make();
    await deliver(made);
    const { recordedEnd } = await look();
    assert.ok(Math.abs((recordedEnd ?? 0) - made.pat.validTo) <= 1000);
  });

  promised('knows since when a PAT is superseded, however often others follow (I2)', async () => {
    const [first, second, third] = [stage.make(), stage.make(), stage.make()];
    await deliver(first);
    stage.advance(60);
    await deliver(second, { others: [first.pat] });
    const at = stage.now();
    stage.advance(60);
    await deliver(third, { others: [first.pat, second.pat] });
    const { log } = await look();
    assert.ok(Math.abs((supersededSince(log, first.pat.authorizationId) ?? 0) - at) <= 1000);
    assert.ok(Math.abs((supersededSince(log, second.pat.authorizationId) ?? 0) - stage.now()) <= 1000);
    assert.equal(supersededSince(log, third.pat.authorizationId), undefined);
  });

  promised('foretells the log of a delivery', async () => {
    const [first, second] = [stage.make(), stage.make()];
    await deliver(first);
    stage.advance(60);
    const log = (await look()).preview(parcelOf(second, { others: [first.pat] }));
    assert.equal(log.at(-1)?.claim?.authorizationId, second.pat.authorizationId.toLowerCase());
    assert.equal(supersededSince(log, first.pat.authorizationId), stage.now());
  });

  promised('knows ids in any case', async () => {
    const made = stage.make();
    const upper = { ...made, pat: { ...made.pat, authorizationId: made.pat.authorizationId.toUpperCase() } };
    await deliver(upper);
    const { log } = await look();
    assert.equal(log.at(-1)?.claim?.authorizationId, made.pat.authorizationId.toLowerCase());
  });

  promised('tells a value that somebody put there from one of its own (I1)', async () => {
    const made = stage.make();
    await deliver(made);
    stage.advance(60);
    stage.putByHand('a value of somebody’s');
    const { occupant, edit, log } = await look();
    const isOwn = occupant.kind === 'delivered' && edit === undefined;
    assert.equal(isOwn, false, 'it is taken for the task’s own');
    assert.equal(log.at(-1)?.isProven, false);
  });

  promised('notices that it was changed, and that it was not', async () => {
    await deliver(stage.make());
    const sight = await look();
    assert.equal(await sight.isUnchanged(), true);
    stage.advance(1);
    stage.putByHand('a value of somebody’s');
    assert.equal(await sight.isUnchanged(), false);
  });

  promised('notices another run’s delivery', async () => {
    await deliver(stage.make());
    const sight = await look();
    stage.advance(1);
    await deliver(stage.make());
    assert.equal(await sight.isUnchanged(), false);
  });

  promised('is unchanged after its own delivery', async () => {
    const delivered = await deliver(stage.make());
    assert.ok(delivered.kind === 'delivered' && (await delivered.after.isUnchanged()));
  });

  promised('changes nothing when the service refuses', async () => {
    const [first, second] = [stage.make(), stage.make()];
    await deliver(first);
    stage.faultAlways('refused');
    const refused = await deliver(second);
    assert.equal(refused.kind, 'refused');
    assert.equal(stage.served(), first.token);
    const { occupant } = await look();
    assert.ok(
      occupant.kind === 'delivered' && occupant.claim.authorizationId === first.pat.authorizationId.toLowerCase(),
    );
  });

  for (const fault of ['request lost', 'answer lost', 'error, not done', 'error, done'] as const) {
    promised(`arrives all the same after one: ${fault}`, async () => {
      const made = stage.make();
      stage.faultNext(fault);
      const delivered = await deliver(made);
      assert.deepEqual([delivered.kind, stage.served()], ['delivered', made.token]);
    });
  }

  promised('says neither yes nor no while no answer tells', async () => {
    for (const fault of ['request lost', 'error, not done'] as const) {
      stage = open();
      stage.faultAlways(fault);
      const delivered = await deliver(stage.make());
      assert.equal(delivered.kind, 'unknown', fault);
    }
  });

  promised('finds what has arrived although no answer ever told', async () => {
    const made = stage.make();
    stage.faultAlways('answer lost');
    const delivered = await deliver(made);
    assert.deepEqual([delivered.kind, stage.served()], ['delivered', made.token]);
  });

  promised('sends nothing when it is too late', async () => {
    const sight = await look();
    const before = stage.writes();
    const checkTime = () => {
      throw new ServiceError('too late', { outcome: 'unsent', code: 'TooLate' });
    };
    const delivered = await sight.deliver(parcelOf(stage.make(), { checkTime }));
    assert.deepEqual([delivered.kind, stage.writes()], ['refused', before]);
  });

  promised('does not say that it has arrived in time when the answer tells otherwise', async () => {
    const checkTime = (told?: Instant) => {
      if (told !== undefined) throw new ServiceError('too late', { outcome: 'unsent', code: 'TooLate' });
    };
    assert.equal((await deliver(stage.make(), { checkTime })).kind, 'unknown');
  });

  promised('ends in what one of two runs delivered, record and value of the same', async () => {
    const [one, two] = [stage.make(), stage.make()];
    const sights = [await look(), await look()];
    const [left, right] = await Promise.all([sights[0]?.deliver(parcelOf(one)), sights[1]?.deliver(parcelOf(two))]);
    assert.ok(left !== undefined && right !== undefined);
    const { occupant } = await look();
    const named = occupant.kind === 'delivered' ? occupant.claim.authorizationId : '';
    const standing = [one, two].find(({ pat }) => pat.authorizationId.toLowerCase() === named);
    assert.equal(stage.served(), standing?.token);
  });

  promised('keeps places apart', async () => {
    const [here, there] = [stage.make(), stage.make()];
    await deliver(here);
    const other = await stage.openOther().look(looking(stage.owner));
    assert.equal((await other.deliver(parcelOf(there))).kind, 'delivered');
    assert.equal(stage.served(), here.token);
  });

  promised(
    'takes what is served away from nobody, and lets ends be followed and values be read where it can',
    async () => {
      const made = stage.make();
      await deliver(made);
      const sight = await look();
      await sight.discard?.(sight.log.map(({ key }) => key));
      assert.equal(stage.served(), made.token);
      if (sight.follow !== undefined) {
        assert.equal(await sight.follow(made.pat.validTo), false);
        assert.equal(await sight.follow(made.pat.validTo + 86_400_000), true);
      }
      assert.equal(place.isReadable, sight.read !== undefined);
      if (sight.read !== undefined) assert.equal(await sight.read(), made.token);
    },
  );

  promised('puts no value into any text', async () => {
    const made = stage.make();
    await deliver(made);
    stage.faultAlways('refused');
    const refused = await deliver(stage.make());
    const told = refused.kind === 'refused' ? refused.error.message : '';
    const { log, occupant } = await look();
    const texts = `${stage.texts()}${told}${place.label}${place.phrase}${JSON.stringify([log, occupant])}`;
    assert.ok(!texts.includes(made.token));
  });
  promised('touches nothing but its own, and undoes nothing that was written since it looked', async () => {
    const [here, there] = [stage.make(), stage.make()];
    const rest = stage.rest();
    const sight = await look();
    const other = await stage.openOther().look(looking(stage.owner));
    await other.deliver(parcelOf(there));
    await sight.deliver(parcelOf(here));
    assert.deepEqual([stage.served(), stage.servedOther()], [here.token, there.token]);
    assert.deepEqual(stage.rest(), rest);
  });
  return promises;
}
