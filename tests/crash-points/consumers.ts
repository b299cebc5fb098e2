import type { Change, Pat, World } from '../../simulator/index.ts';
import { vaultHost } from '../blackbox/situation.ts';

export const name = 'Build feed';
export const secret = 'Build-feed';

const hour = 3_600_000;
/** Key Vault keeps whole seconds, so the product may see a version as up to a second older than it is. */
const rounding = 1000;
const marker = / \(Renew PATs: (?:new|revoke after [^)]*)\)$/;

export type Destination = 'vault' | 'variable';

/** A value, and from when on. */
interface Serving {
  readonly value: string;
  readonly since: number;
}

/**
 * What the consumers of the one PAT family are given, and what has been delivered when; judges every change of the world by
 * that, never by the product's tags, names or reports. Nobody but the task acts in these worlds.
 */
export class Consumers {
  /** Where an invariant did not hold; a sentence each. */
  readonly broken: string[] = [];
  readonly #world: World;
  readonly #destination: Destination;
  /** What consumers read. */
  readonly #servings: Serving[];
  /** What the task delivered. In a vault that is the same; a variable's value is stored by a later step, or not at all. */
  readonly #deliveries: Serving[];
  /** Without a vault and a grace period: PATs in use that were revoked, on the strength of a value handed over before. */
  readonly #onTrust: Pat[] = [];
  #graceHours = 0;
  #runStart = 0;

  constructor(
    world: World,
    destination: Destination,
    servings: readonly Serving[],
    deliveries: readonly Serving[] = servings,
  ) {
    this.#world = world;
    this.#destination = destination;
    this.#servings = [...servings];
    this.#deliveries = [...deliveries];
    world.onChange((change) => this.#judge(change));
  }

  /** The same consumers of a copy of their world. */
  in(world: World): Consumers {
    return new Consumers(world, this.#destination, this.#servings, this.#deliveries);
  }

  /** All of it so far, each value told by its PAT's place among all. */
  told(): string {
    const all = [...this.#world.pats.all()];
    return [...this.#servings, ...this.#deliveries]
      .map(({ value, since }) => `${all.findIndex((pat) => pat.value === value)} since ${since}`)
      .join();
  }

  stepStarts(graceHours: number): void {
    this.#graceHours = graceHours;
    this.#runStart = this.#world.now;
  }

  /** The task has delivered this value. */
  deliver(value: string): void {
    if (this.#deliveries.at(-1)?.value !== value) this.#deliveries.push({ value, since: this.#world.now });
  }

  /** Consumers read this value from now on: a later step stored it, or they take the variable itself. */
  give(value: string): void {
    if (this.#served() !== value) this.#servings.push({ value, since: this.#world.now });
  }

  stepEnded(): void {
    for (const pat of this.#onTrust.splice(0)) {
      const served = this.#patOf(this.#served());
      if (served === undefined || !this.#isActive(served))
        this.broken.push(`I1: ${pat.authorizationId} was revoked, and no other value had been handed over`);
    }
  }

  /** I3 and I5: exactly one active PAT, and its value at the destination as after a run that nothing disturbed. */
  checkEnd(): void {
    const active = this.#family().filter((pat) => this.#isActive(pat));
    const list = active.map((pat) => `${pat.authorizationId} "${pat.displayName}"`).join(', ');
    const [current] = active;
    if (current === undefined || active.length > 1) {
      this.broken.push(`I3: ${active.length} active PATs in the end: ${list}`);
      return;
    }
    if (current.displayName !== name) this.broken.push(`I5: its PAT still is called "${current.displayName}"`);
    if (this.#served() !== current.value) this.broken.push('I5: consumers are not given the active PAT’s value');
    if (this.#destination === 'vault') this.#checkVersions(current);
  }

  #checkVersions(current: Pat): void {
    const { versions } = this.#world.vaults.secret(vaultHost, secret) ?? { versions: [] };
    const newest = versions.at(-1);
    const record = [newest?.tags['renewPats-authorizationId'], newest?.expires, newest?.contentType, newest?.tags.team];
    const expected = [current.authorizationId, Math.floor(current.validTo / 1000), 'text/x-token', 'feeds'];
    if (JSON.stringify(record) !== JSON.stringify(expected))
      this.broken.push(`I5: the record reads ${JSON.stringify(record)}, not ${JSON.stringify(expected)}`);
    for (const { value, enabled, version } of versions) {
      const pat = this.#patOf(value);
      if (enabled && pat?.revokedAt !== undefined) this.broken.push(`I5: version ${version} holds a dead value`);
    }
  }

  #judge(change: Change): void {
    if (change.kind === 'clock.moved' || change.kind === 'token.issued') return;
    if (change.kind === 'pat.created' || change.kind === 'pat.updated') this.#judgeName(change.after);
    if (change.kind === 'pat.revoked') this.#judgeRevocation(change.before);
    if (this.#destination === 'vault' && change.kind.startsWith('secret.')) {
      const newest = this.#world.vaults.newest(vaultHost, secret);
      if (newest === undefined || !newest.enabled) this.broken.push('I1: consumers find no value any more');
      else {
        this.deliver(newest.value);
        this.give(newest.value);
      }
    }
    const served = this.#patOf(this.#served());
    if (this.#onTrust.some(({ value }) => value === served?.value)) return;
    if (served === undefined || !this.#isActive(served))
      this.broken.push(`I1: after ${change.kind} consumers are given a value that does not work`);
  }

  #judgeName(pat: Pat): void {
    if (pat.displayName.replace(marker, '') !== name)
      this.broken.push(`I7: "${pat.displayName}" is not selected, and was touched`);
  }

  /** I2, by the truth of what was given out when. */
  #judgeRevocation(pat: Pat): void {
    this.#judgeName(pat);
    const { now } = this.#world;
    const own = this.#deliveries.flatMap(({ value }, index) => (value === pat.value ? [index] : []));
    // What its own run made and did not deliver may go at once.
    if (own.length === 0 && pat.validFrom >= this.#runStart) return;
    const label = `I2: ${pat.authorizationId} ("${pat.displayName}") was revoked`;
    const others = this.#family().filter((each) => each.authorizationId !== pat.authorizationId);
    if (!others.some((each) => this.#isActive(each))) this.broken.push(`${label}, and no other PAT is active`);
    if (now - pat.validFrom < 12 * hour) this.broken.push(`${label} within 12 hours of its creation`);
    const isServed = this.#served() === pat.value;
    if (isServed && this.#destination === 'variable' && this.#graceHours === 0) {
      this.#onTrust.push(pat);
      return;
    }
    if (isServed) this.broken.push(`${label} while consumers are given its value`);
    const grace = this.#graceHours * hour - rounding;
    const until = own.map((index) => this.#deliveries[index + 1]?.since ?? now);
    if (until.some((end) => now - end < grace)) this.broken.push(`${label} before its grace period was over`);
    const superseding = this.#deliveries.filter(({ value, since }) => value !== pat.value && now - since >= grace);
    if (superseding.length === 0) this.broken.push(`${label}, and no delivery had superseded it for long enough`);
  }

  #served(): string | undefined {
    return this.#servings.at(-1)?.value;
  }

  #patOf(value: string | undefined): Pat | undefined {
    return value === undefined ? undefined : this.#world.pats.byValue(value);
  }

  #isActive(pat: Pat): boolean {
    return this.#world.pats.status(pat) === 'active';
  }

  #family(): readonly Pat[] {
    return [...this.#world.pats.all()].filter((pat) => pat.displayName.replace(marker, '') === name);
  }
}
