import type { Change, Pat, World } from '../../simulator/index.ts';
import { vaultHost } from '../blackbox/situation.ts';
import { type Reader, Truth } from '../invariants/truth.ts';

export const name = 'Build feed';
export const secret = 'Build-feed';
export const variable = 'PAT_BUILD_FEED';

const hour = 3_600_000;
const marker = / \(Renew PATs: (?:new|revoke after [^)]*)\)$/;

export type Place = 'vault' | 'group' | 'handed over';

/**
 * What the consumers of the one PAT family are given, and since when; judges every change of the world by that, never by
 * the product's tags, names or reports. Nobody but the task acts in these worlds.
 */
export class Consumers {
  /** Where an invariant did not hold; a sentence each. */
  readonly broken: string[] = [];
  readonly #world: World;
  readonly #places: readonly Place[];
  readonly #truth: Truth;
  /** What a step of the pipeline has stored. */
  #stored: string | undefined;
  /** Values that were handed over. */
  readonly #handedOver: Set<string>;
  #graceHours = 0;
  #runStart = 0;

  /** @param before the same consumers of a world of which this one is a copy; or what a step has stored before all this */
  constructor(world: World, places: readonly Place[], before: Consumers | { readonly stored: string | undefined }) {
    this.#world = world;
    this.#places = places;
    this.#stored = before instanceof Consumers ? before.#stored : before.stored;
    this.#handedOver = new Set(before instanceof Consumers ? before.#handedOver : []);
    const readers = places.map((place) => this.#reader(place));
    this.#truth = new Truth(world, readers, before instanceof Consumers ? before.#truth : { byTask: false });
    world.onChange((change) => this.#judge(change));
  }

  /** The same consumers of a copy of their world. */
  in(world: World): Consumers {
    return new Consumers(world, this.#places, this);
  }

  /** All of it so far, each value told by its PAT's place among all. */
  told(): string {
    const all = [...this.#world.pats.all()];
    const handed = [...this.#handedOver].map((value) => all.findIndex((pat) => pat.value === value));
    return `${this.#truth.told()} handed over ${handed.join()}`;
  }

  stepStarts(graceHours: number): void {
    this.#graceHours = graceHours;
    this.#runStart = this.#world.now;
  }

  /** The later steps were given this value. */
  handOver(value: string): void {
    this.#handedOver.add(value);
  }

  /** A later step has stored this value: consumers read it from now on. */
  store(value: string): void {
    this.#stored = value;
    this.#truth.look(true);
    this.#checkGiven('a step has stored a value');
  }

  /** I3 and I5: exactly one active PAT, and its value everywhere, as after a run that nothing disturbed. */
  checkEnd(): void {
    const active = this.#family().filter((pat) => this.#isActive(pat));
    const list = active.map((pat) => `${pat.authorizationId} "${pat.displayName}"`).join(', ');
    const [current] = active;
    if (current === undefined || active.length > 1) {
      this.broken.push(`I3: ${active.length} active PATs in the end: ${list}`);
      return;
    }
    if (current.displayName !== name) this.broken.push(`I5: its PAT still is called "${current.displayName}"`);
    for (const { place, read } of this.#truth.readers)
      if (read() !== current.value) this.broken.push(`I5: consumers (${place}) are not given the active PAT’s value`);
    if (this.#places.includes('vault')) this.#checkVersions(current);
  }

  #reader(place: Place): Reader {
    const { groups, vaults } = this.#world;
    switch (place) {
      case 'vault': {
        const read = () => {
          const newest = vaults.newest(vaultHost, secret);
          return newest?.enabled === true ? newest.value : undefined;
        };
        return { family: name, place, read };
      }
      case 'group':
        return { family: name, place, read: () => groups.value('contoso', 'Tools', 'feeds', variable) };
      case 'handed over':
        return { family: name, place: 'where a step stores it', read: () => this.#stored };
    }
  }

  /** What stands beside the newest value is the contract with people; what consumers are given is not read from it. */
  #checkVersions(current: Pat): void {
    const { versions } = this.#world.vaults.secret(vaultHost, secret) ?? { versions: [] };
    const newest = versions.at(-1);
    const record = [newest?.tags['renewPats-authorizationId'], newest?.expires, newest?.contentType, newest?.tags.team];
    const expected = [current.authorizationId, Math.floor(current.validTo / 1000), 'text/x-token', 'feeds'];
    if (JSON.stringify(record) !== JSON.stringify(expected))
      this.broken.push(`I5: the record reads ${JSON.stringify(record)}, not ${JSON.stringify(expected)}`);
    for (const { value, enabled, version } of versions) {
      const pat = this.#world.pats.byValue(value);
      if (enabled && pat?.revokedAt !== undefined) this.broken.push(`I5: version ${version} holds a dead value`);
    }
  }

  #judge(change: Change): void {
    if (change.kind === 'clock.moved' || change.kind === 'token.issued') return;
    if (change.kind === 'pat.created' || change.kind === 'pat.updated') this.#judgeName(change.after);
    if (change.kind === 'pat.revoked') this.#judgeRevocation(change.before);
    this.#truth.look(true);
    const lost = this.#truth.givenNothingAnyMore();
    if (lost !== undefined) this.broken.push(`I1: after ${change.kind} ${lost}`);
    this.#checkGiven(change.kind);
  }

  #checkGiven(after: string): void {
    const dead = this.#truth.givenDead((pat) => !this.#isActive(pat));
    if (dead !== undefined) this.broken.push(`I1: after ${after} ${dead}, which does not work`);
  }

  #judgeName(pat: Pat): void {
    if (pat.displayName.replace(marker, '') !== name)
      this.broken.push(`I7: "${pat.displayName}" is not selected, and was touched`);
  }

  /** I2, by the truth of what was given out when. */
  #judgeRevocation(pat: Pat): void {
    this.#judgeName(pat);
    // What its own run made and did not deliver may go at once.
    const wasGiven = this.#truth.wasGiven(pat.value) || this.#handedOver.has(pat.value);
    if (!wasGiven && pat.validFrom >= this.#runStart) return;
    const label = `I2: ${pat.authorizationId} ("${pat.displayName}") was revoked`;
    const others = this.#family().filter((each) => each.authorizationId !== pat.authorizationId);
    if (!others.some((each) => this.#isActive(each))) this.broken.push(`${label}, and no other PAT is active`);
    if (this.#world.now - pat.validFrom < 12 * hour) this.broken.push(`${label} within 12 hours of its creation`);
    const why = this.#truth.whyNotSuperseded(pat, name, this.#graceHours);
    if (why !== undefined) this.broken.push(`${label}: ${why}`);
  }

  #isActive(pat: Pat): boolean {
    return this.#world.pats.status(pat) === 'active';
  }

  #family(): readonly Pat[] {
    return [...this.#world.pats.all()].filter((pat) => pat.displayName.replace(marker, '') === name);
  }
}
