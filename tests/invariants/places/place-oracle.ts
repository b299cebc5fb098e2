import type { Change, Pat } from '../../../simulator/index.ts';
import { leftoversAtMost } from '../../../src/renewal/leftovers.ts';
import { Broken } from '../oracle.ts';
import type { RunOnStage } from '../run-on-stage.ts';
import { selectedNames } from '../scene.ts';
import type { PlaceScene, ServedPlace } from './place-scene.ts';

const hour = 3_600_000;
/** A record keeps whole seconds, and the services' dates have no more. */
const rounding = 2000;

/** A stretch of time during which consumers of one place were given one value. */
interface Serving {
  readonly value: string | undefined;
  readonly byTask: boolean;
  readonly since: number;
  until: number | undefined;
}

/** Knows which value consumers of each place read since when, from the stored secrets themselves and never from a record. */
export class PlaceOracle {
  readonly #scene: PlaceScene;
  readonly #servings = new Map<ServedPlace, Serving[]>();
  readonly #revokedByTask = new Set<string>();
  readonly #others: string;
  #broken: unknown;
  /** `a run of before`: a write of its lands that nobody waits for any more. */
  actor: RunOnStage | 'a person' | 'a run of before' = 'a person';

  constructor(scene: PlaceScene) {
    this.#scene = scene;
    this.#others = JSON.stringify(scene.others());
    for (const place of scene.servedPlaces) this.#servings.set(place, []);
    this.#noteServed(false);
    scene.world.onChange((change) => {
      try {
        this.#onChange(change);
      } catch (error) {
        this.#broken ??= error;
      }
    });
  }

  /** @throws Broken if an invariant has not held */
  verdict(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  #onChange(change: Change): void {
    if (change.kind === 'clock.moved' || change.kind === 'token.issued') return;
    const byTask = this.actor !== 'a person';
    if (typeof this.actor !== 'string') {
      this.actor.writes++;
      if (change.kind === 'pat.revoked') this.#checkRevoked(this.actor, change.before);
    }
    this.#noteServed(byTask);
    if (JSON.stringify(this.#scene.others()) !== this.#others) throw new Broken('I7', 'others’ things were changed');
    for (const { name, family, served } of this.#scene.servedPlaces) {
      const pat = this.#scene.world.pats.byValue(served() ?? '');
      if (pat !== undefined && this.#revokedByTask.has(pat.authorizationId))
        throw new Broken('I1', `consumers of "${family}" in the ${name} read a value that the task has revoked`);
      if (byTask && pat !== undefined && pat.displayName !== family)
        throw new Broken('I1', `the ${name} of "${family}" was given a value of "${pat.displayName}"`);
    }
  }

  #noteServed(byTask: boolean): void {
    const { now } = this.#scene.world;
    for (const [place, servings] of this.#servings) {
      const value = place.served();
      const last = servings.at(-1);
      if (last !== undefined && last.value === value) continue;
      if (last !== undefined) last.until = now;
      servings.push({ value, byTask, since: now, until: undefined });
    }
  }

  #checkRevoked(run: RunOnStage, pat: Pat): void {
    this.#revokedByTask.add(pat.authorizationId);
    const { world } = this.#scene;
    const { now } = world;
    const label = `${pat.authorizationId} ("${pat.displayName}")`;
    const places = [...this.#servings].filter(([{ family }]) => family === pat.displayName);
    if (places.length === 0) throw new Broken('I7', `${label} is not selected, and was revoked`);
    const own = places.flatMap(([, servings]) => servings.filter(({ value }) => value === pat.value));
    if (run.made.has(pat.authorizationId) && own.length === 0) return;
    if (!this.#active(pat.displayName).some((other) => other !== pat))
      throw new Broken('I2', `${label} was revoked, and no other PAT of its family is active`);
    if (now - pat.validFrom < 12 * hour - rounding)
      throw new Broken('I2', `${label} was revoked within 12 hours of its creation`);
    const grace = run.plan.policy.revokeAfterHours * hour - rounding;
    for (const [{ name }, servings] of places) {
      const ends = servings.filter(({ value }) => value === pat.value).map(({ until }) => until ?? now);
      if (ends.some((until) => now - until < grace))
        throw new Broken('I2', `${label} was revoked before its grace in the ${name} was over`);
      const isSuperseded = servings.some(
        ({ value, byTask, since }) => byTask && value !== undefined && value !== pat.value && now - since >= grace,
      );
      if (!isSuperseded) throw new Broken('I2', `${label} was revoked, and nothing had superseded it in the ${name}`);
    }
  }

  /** I3 and I5: one active PAT, and every place holds its value. */
  checkEnd(): void {
    for (const family of selectedNames) {
      const active = this.#active(family);
      const [current] = active;
      if (current === undefined && this.#isRevokedByPeople(family)) continue;
      // So many that nothing explains, once somebody has wiped the record, are a person's to look at.
      if (active.length >= leftoversAtMost.places) continue;
      if (current === undefined || active.length > 1)
        throw new Broken('I3', `"${family}" has ${active.length} active PATs in the end`);
      for (const { name, family: of, served } of this.#scene.servedPlaces)
        if (of === family && served() !== current.value)
          throw new Broken('I5', `the ${name} of "${family}" does not hold its PAT in the end`);
    }
  }

  get isSettled(): boolean {
    return selectedNames.every((family) => this.#active(family).length === 1);
  }

  /** I3, in a pipeline that renews each day: what is superseded goes when its grace is over, whatever came after it. */
  checkNotPilingUp(graceHours: number): void {
    for (const family of selectedNames) {
      const { length } = this.#active(family);
      if (length > 2 + Math.ceil(graceHours / 24))
        throw new Broken('I3', `"${family}" has ${length} active PATs after daily renewals`);
    }
  }

  #isRevokedByPeople(family: string): boolean {
    const all = [...this.#scene.world.pats.all()].filter(({ displayName }) => displayName === family);
    return all.every((pat) => this.#scene.world.pats.status(pat) !== 'active');
  }

  #active(family: string): readonly Pat[] {
    const { pats } = this.#scene.world;
    return [...pats.all()].filter((pat) => pat.displayName === family && pats.status(pat) === 'active');
  }
}
