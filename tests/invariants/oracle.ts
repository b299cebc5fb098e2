import type { Change, Pat, SecretVersion } from '../../simulator/index.ts';
import { reportJson } from '../../src/report/json.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import type { RunOnStage } from './run-on-stage.ts';
import {
  activeOf,
  isMarked,
  newestVersion,
  plainName,
  type Scene,
  secretOf,
  selectedNames,
  servedValue,
  vaultHost,
} from './scene.ts';

const hour = 3_600_000;
/** Key Vault keeps whole seconds, so the product may see a version as up to a second older than it is. */
const rounding = 1000;

/** An invariant of the design that does not hold. */
export class Broken extends Error {
  readonly invariant: string;

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.name = 'Broken';
    this.invariant = invariant;
  }
}

const sameScopes = (one: string, other: string): boolean =>
  one.split(' ').sort().join(' ') === other.split(' ').sort().join(' ');

/** A stretch of time during which consumers were given one PAT's value; `until` is undefined while they are. */
interface Serving {
  readonly authorizationId: string | undefined;
  readonly byTask: boolean;
  readonly since: number;
  until: number | undefined;
}

/**
 * Watches every change of state and knows the truth about it (which value consumers read, and since when), from the
 * world itself and never from the product's tags, names or reports.
 */
export class Oracle {
  readonly #scene: Scene;
  readonly #servings = new Map<string, Serving[]>();
  readonly #revokedByTask = new Set<string>();
  readonly #handedOver = new Map<string, string>();
  /** The grace period of the run that marked a PAT as superseded, in hours. */
  readonly #promisedHours = new Map<string, number>();
  /** Values, and when (by the count of remote calls) a person revoked or stored them. */
  readonly #revokedByPeople = new Map<string, number>();
  readonly #storedByPeople = new Map<string, number>();
  readonly #madeByPeople = new Set<string>();
  readonly #markedAt = new Map<string, number>();
  #broken: unknown;
  /** When the call that proceeds now was sent. */
  askedAt = 0;
  /** Counts the remote calls of all runs. */
  tick = 0;
  /** Who acts just now: a run, or a person. */
  actor: RunOnStage | 'a person' = 'a person';

  constructor(scene: Scene) {
    this.#scene = scene;
    for (const name of selectedNames) {
      this.#servings.set(name, []);
      this.#noteServed(name, false);
    }
    scene.world.onChange((change) => this.#judge(() => this.#onChange(change)));
  }

  /** What breaks while a service carries out a call must not reach the product as that call's error. */
  #judge(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#broken ??= error;
    }
  }

  /** @throws Broken if an invariant has not held */
  verdict(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** With output variables: a value was handed over. To the task, that is the delivery. */
  onHandedOver(name: string, value: string): void {
    this.#handedOver.set(name, value);
    this.#noteServed(name, true);
  }

  #onChange(change: Change): void {
    if (change.kind === 'clock.moved' || change.kind === 'token.issued') return;
    const byTask = this.actor !== 'a person';
    if (this.actor !== 'a person') {
      this.actor.writes++;
      this.#checkWrite(this.actor, change);
    }
    if (change.kind === 'pat.revoked' && byTask) this.#revokedByTask.add(change.after.authorizationId);
    if (change.kind === 'pat.created' && !byTask) this.#madeByPeople.add(change.after.authorizationId);
    if (change.kind === 'pat.revoked' && !byTask) this.#revokedByPeople.set(change.after.value, this.tick);
    if (change.kind === 'secret.set' && !byTask) this.#storedByPeople.set(change.after.value, this.tick);
    if (change.kind === 'secret.recovered') this.#noteRecovered(change.secret);
    if (change.kind.startsWith('secret.')) for (const name of selectedNames) this.#noteServed(name, byTask);
    this.#checkServed();
  }

  /** What has come back was not there for a run that looked before. */
  #noteRecovered(secret: string): void {
    const back = this.#scene.world.vaults.newest(vaultHost, secret);
    if (back !== undefined && this.#storedByPeople.has(back.value)) this.#storedByPeople.set(back.value, this.tick);
  }

  #noteServed(name: string, byTask: boolean): void {
    const { world } = this.#scene;
    const servings = this.#servings.get(name) ?? [];
    const value = this.#scene.destination === 'vault' ? servedValue(this.#scene, name) : this.#handedOver.get(name);
    const authorizationId = value === undefined ? undefined : world.pats.byValue(value)?.authorizationId;
    const last = servings.at(-1);
    if (last !== undefined && last.authorizationId === authorizationId) return;
    if (last !== undefined) last.until = world.now;
    servings.push({ authorizationId, byTask, since: world.now, until: undefined });
  }

  /** I1: what consumers read belongs to a PAT that the task has not revoked, and is not switched off by it. */
  #checkServed(): void {
    for (const name of selectedNames) {
      const value = servedValue(this.#scene, name);
      const pat = value === undefined ? undefined : this.#scene.world.pats.byValue(value);
      if (pat === undefined || !this.#revokedByTask.has(pat.authorizationId)) continue;
      throw new Broken(
        'I1',
        `consumers of "${name}" read the value of ${pat.authorizationId}, which the task has revoked`,
      );
    }
  }

  #checkWrite(run: RunOnStage, change: Change): void {
    switch (change.kind) {
      case 'pat.created':
        this.#checkCreated(run, change.after);
        return;
      case 'pat.updated':
        this.#checkUpdated(run, change.before, change.after);
        return;
      case 'pat.revoked':
        this.#checkRevoked(run, change.before);
        return;
      case 'secret.set':
        this.#checkSet(run, change.secret, change.after);
        return;
      case 'secret.versionUpdated': {
        const name = selectedNames.find((each) => secretOf(each) === change.secret);
        const isNewest = name !== undefined && newestVersion(this.#scene, name)?.version === change.after.version;
        if (isNewest && change.before.enabled && !change.after.enabled)
          throw new Broken('I1', `the newest version of ${change.secret} was disabled`);
        return;
      }
      case 'secret.deleted':
      case 'secret.purged':
        throw new Broken('I1', `secret ${change.secret} was deleted`);
      default:
        return;
    }
  }

  #checkCreated(run: RunOnStage, pat: Pat): void {
    this.#checkSelected(pat);
    const { world } = this.#scene;
    const mostDays = run.plan.policy.lifetimeDays;
    if (pat.allOrgs) throw new Broken('I7', `a PAT for all organizations was made (${pat.displayName})`);
    if (pat.validTo > world.now + mostDays * 24 * hour + rounding)
      throw new Broken('I7', `${pat.displayName} lives longer than asked`);
    const peers = [...world.pats.all()].filter((each) => plainName(each) === plainName(pat) && each !== pat);
    if (!peers.some((each) => sameScopes(each.scope, pat.scope)))
      throw new Broken('I7', `${pat.displayName} has other scopes`);
  }

  #checkUpdated(run: RunOnStage, before: Pat, after: Pat): void {
    this.#checkSelected(before);
    const markedAt = this.#markedAt.get(before.authorizationId);
    if (run.plan.mode === 'simple' && isMarked(before) && markedAt !== undefined && markedAt <= run.startedAtTick) {
      throw new Broken('I7', `simple changed "${before.displayName}"`);
    }
    if (isMarked(after)) this.#markedAt.set(after.authorizationId, this.tick);
    if (isMarked(after)) this.#promisedHours.set(after.authorizationId, run.plan.policy.revokeAfterHours);
    if (plainName(after) !== plainName(before)) throw new Broken('I7', `${before.displayName} was given another name`);
    if (!sameScopes(after.scope, before.scope) || after.allOrgs !== before.allOrgs)
      throw new Broken('I7', `${before.displayName} was widened`);
    // Marking a superseded PAT sends the end that the run has read; another run may have moved it since.
    const atLeast = Math.min(before.validTo, this.#scene.world.now + run.plan.policy.lifetimeDays * 24 * hour);
    if (after.validTo < atLeast - 4 * hour && !isMarked(after)) {
      throw new Broken('I1', `the end of ${before.displayName} was brought forward`);
    }
    if (before.allOrgs && after.displayName !== before.displayName)
      throw new Broken('I7', 'a PAT of all organizations was renamed');
  }

  #checkSelected(pat: Pat): void {
    if (selectedNames.every((name) => name !== plainName(pat)))
      throw new Broken('I7', `"${pat.displayName}" is not selected`);
  }

  /** I2, by the truth of what was served when. */
  #checkRevoked(run: RunOnStage, pat: Pat): void {
    this.#checkSelected(pat);
    const { world } = this.#scene;
    const { now } = world;
    if (pat.allOrgs) throw new Broken('I2', 'a PAT of all organizations was revoked');
    const name = plainName(pat);
    const servings = this.#servings.get(name) ?? [];
    const own = servings.filter((serving) => serving.authorizationId === pat.authorizationId);
    // The exception: what its own run has made and certainly never handed over.
    if (run.made.has(pat.authorizationId) && own.length === 0) return;
    const label = `${pat.authorizationId} ("${pat.displayName}")`;
    if (!activeOf(this.#scene, name).some((other) => other.authorizationId !== pat.authorizationId)) {
      throw new Broken('I2', `${label} was revoked, and no other PAT of its family is active`);
    }
    if (now - pat.validFrom < 12 * hour - rounding)
      throw new Broken('I2', `${label} was revoked within 12 hours of its creation`);
    // With output variables the date in a PAT's name is what its consumers were promised, whatever later runs ask for.
    const promised = this.#promisedHours.get(pat.authorizationId) ?? run.plan.policy.revokeAfterHours;
    const grace = Math.min(promised, run.plan.policy.revokeAfterHours) * hour;
    const ends = own.map((serving) => serving.until ?? Number.POSITIVE_INFINITY);
    const lastServed = ends.length === 0 ? undefined : Math.max(...ends);
    if (lastServed !== undefined && now - lastServed < grace - rounding) {
      throw new Broken('I2', `${label} was revoked ${(now - lastServed) / hour} hours after it was last given out`);
    }
    const superseded = servings.some(
      (serving) =>
        serving.byTask &&
        serving.authorizationId !== undefined &&
        serving.authorizationId !== pat.authorizationId &&
        now - serving.since >= grace - rounding,
    );
    if (!superseded)
      throw new Broken('I2', `${label} was revoked, and no delivery had superseded it for ${grace / hour} hours`);
  }

  #checkSet(run: RunOnStage, secret: string, { value, tags, expires, version }: SecretVersion): void {
    const { world } = this.#scene;
    const pat = world.pats.byValue(value);
    const name = selectedNames.find((each) => secretOf(each) === secret);
    if (name === undefined) throw new Broken('I7', `secret ${secret} is not selected`);
    if (pat === undefined || plainName(pat) !== name)
      throw new Broken('I1', `secret ${secret} was given no value of a PAT of "${name}"`);
    // In one call: a crash must not leave a value without its owner's name and expiry.
    if (tags['renewPats-authorizationId'] !== pat.authorizationId)
      throw new Broken('I5', `${secret} holds a value without its tags`);
    if (expires === undefined || expires > pat.validTo / 1000)
      throw new Broken('I5', `${secret} promises to live longer than its PAT`);
    const age = (this.askedAt - pat.validFrom) / 60_000;
    if (age > 31)
      throw new Broken(
        'I2',
        `${secret} was given a PAT that is ${age} minutes old: another run may take it for an orphan`,
      );
    this.#checkProven(run, secret, value);
    this.#checkCovered(run, secret, version);
  }

  /** I1: a value is delivered only after a look at whether it works; what a person does after that look is theirs. */
  #checkProven(run: RunOnStage, secret: string, value: string): void {
    const revokedAt = this.#revokedByPeople.get(value);
    if (revokedAt === undefined) return;
    const proof = run.proofs.get(value);
    if (proof !== undefined && (proof.wasLost || proof.tick <= revokedAt)) return;
    throw new Broken('I1', `${secret} was given the value of a PAT that a person had revoked, and nobody looked`);
  }

  /** I7: what somebody stored there, and what is no PAT, is not the task's to cover (unless it came during the run). */
  #checkCovered(run: RunOnStage, secret: string, version: string): void {
    const { vaults } = this.#scene.world;
    const { versions } = vaults.secret(vaultHost, secret) ?? { versions: [] };
    const covered = vaults.newestOf({ name: secret, versions: versions.filter((each) => each.version !== version) });
    if (covered === undefined || !covered.enabled || this.#scene.world.pats.byValue(covered.value) !== undefined)
      return;
    const isPat = covered.value.length === 52 || covered.value.length === 84;
    const storedAt = this.#storedByPeople.get(covered.value);
    if (!isPat && storedAt !== undefined && storedAt <= run.startedAtTick)
      throw new Broken('I7', `somebody’s value in ${secret} was covered`);
  }

  /** I3, in a pipeline that renews each day: what is superseded goes when its grace is over, whatever came after it. */
  checkNotPilingUp(graceHours: number): void {
    for (const name of selectedNames) {
      const active = activeOf(this.#scene, name).filter((pat) => !pat.allOrgs);
      const most = 2 + Math.ceil(graceHours / 24);
      if (active.length > most)
        throw new Broken('I3', `"${name}" has ${active.length} active PATs after daily renewals`);
    }
  }

  /** I8 and I9, when a run has ended or died. */
  checkRun(run: RunOnStage): void {
    for (const [name, count] of run.creations) {
      if (count > 1) throw new Broken('I9', `"${name}" was created ${count} times by one run`);
    }
    if (run.report === undefined) return;
    const told = `${reportJson(run.report)}${summaryMarkdown(run.report, run.settings)}${run.report.warnings.join('\n')}`;
    for (const pat of this.#scene.world.pats.all()) {
      if (told.includes(pat.value)) throw new Broken('I8', `the report holds the value of ${pat.displayName}`);
    }
  }

  /** I3 and I5: after the last complete run everything is as it should be. */
  checkEnd(): void {
    for (const name of selectedNames) {
      const active = activeOf(this.#scene, name).filter((pat) => !pat.allOrgs);
      const list = active.map((pat) => `${pat.authorizationId} "${pat.displayName}"`).join(', ');
      // Whose last PAT a person revoked is gone: nothing lists it any more, and nobody knows its scopes.
      if (active.length === 0 && this.#isRevokedByPeople(name)) continue;
      // By names alone, a PAT of all organizations is the one in use once all others have ended.
      const isGlobalInUse = this.#scene.destination === 'variables' && activeOf(this.#scene, name).length > 0;
      if (active.length === 0 && isGlobalInUse) continue;
      if (active.length !== 1) throw new Broken('I3', `"${name}" has ${active.length} active PATs in the end: ${list}`);
      const [current] = active;
      if (current === undefined) continue;
      if (isMarked(current))
        throw new Broken('I5', `the PAT of "${name}" still is "${current.displayName}" in the end`);
      const served = servedValue(this.#scene, name);
      // With output variables nothing is delivered before the first PAT is due: its consumers have their value already.
      if (served === undefined && this.#scene.destination === 'variables') continue;
      // Nor do names tell that a person's PAT, the last one left, was never given out: its maker does that.
      if (this.#scene.destination === 'variables' && this.#madeByPeople.has(current.authorizationId)) continue;
      if (served !== current.value) throw new Broken('I5', `consumers of "${name}" do not read its PAT in the end`);
      if (this.#scene.destination === 'vault') this.#checkVersions(name);
    }
  }

  #isRevokedByPeople(name: string): boolean {
    const family = [...this.#scene.world.pats.all()].filter((pat) => plainName(pat) === name && !pat.allOrgs);
    return family.every((pat) => pat.revokedAt !== undefined);
  }

  #checkVersions(name: string): void {
    for (const version of this.#scene.world.vaults.secret(vaultHost, secretOf(name))?.versions ?? []) {
      const pat = this.#scene.world.pats.byValue(version.value);
      const late =
        Math.abs(Date.parse(version.tags['renewPats-deliveredAt'] ?? '') - version.created * 1000) > 30 * 60_000;
      const wasTasks = pat !== undefined && version.tags['renewPats-authorizationId'] === pat.authorizationId && !late;
      if (wasTasks && version.enabled && this.#revokedByTask.has(pat.authorizationId)) {
        throw new Broken(
          'I5',
          `a version of ${name} with the revoked value of ${pat.authorizationId} is still enabled`,
        );
      }
    }
  }
}
