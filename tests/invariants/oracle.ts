import type { Change, Pat, SecretVersion, ServiceEndpoint, VariableGroup } from '../../simulator/index.ts';
import { reportJson } from '../../src/report/json.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import type { RunOnStage } from './run-on-stage.ts';
import {
  activeOf,
  agentAhead,
  connectionOf,
  isMarked,
  isShared,
  newestVersion,
  plainName,
  type Scene,
  sameScopes,
  scopeSet,
  secretOf,
  selectedNames,
  twinName,
  variableOf,
  vaultHost,
} from './scene.ts';
import { Truth } from './truth.ts';

const hour = 3_600_000;
const day = 24 * hour;
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

/**
 * Watches every change of state and judges it by the truth (who reads what, and since when): from the world itself and
 * never from the product's tags, records, names or reports.
 */
export class Oracle {
  readonly #scene: Scene;
  readonly #truth: Truth;
  readonly #revokedByTask = new Set<string>();
  /** Values that a later step was given. */
  readonly #handedOver = new Set<string>();
  /** The grace period of the run that marked a PAT as superseded, in hours. */
  readonly #promisedHours = new Map<string, number>();
  /** Values, and when (by the count of remote calls) a person revoked or stored them. */
  readonly #revokedByPeople = new Map<string, number>();
  readonly #storedByPeople = new Map<string, number>();
  readonly #madeByPeople = new Set<string>();
  readonly #widenedByPeople = new Map<string, number>();
  readonly #renamedByPeople = new Map<string, number>();
  /** Versions that the task made, and that no person has touched since. */
  readonly #versionsOfTask = new Set<string>();
  readonly #markedAt = new Map<string, number>();
  /** By place: when the task has put a value where there was none. */
  readonly #filledAt = new Map<string, number>();
  /** By plain name: the scope sets that its PATs have had. */
  readonly #scopesOf = new Map<string, Set<string>>();
  #broken: unknown;
  /** When the call that proceeds now was sent. */
  askedAt = 0;
  /** Counts the remote calls of all runs. */
  tick = 0;
  /** Who acts just now: a run, or a person. */
  actor: RunOnStage | 'a person' = 'a person';

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#truth = new Truth(scene.world, scene.readers, { byTask: scene.start.old === 'marked as superseded' });
    this.#noteScopes();
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

  /** A later step was given this value: it may come to be used. */
  onHandedOver(value: string): void {
    this.#handedOver.add(value);
    this.#judge(() => this.#checkAge('a later step', this.#scene.world.pats.byValue(value)));
  }

  /** A step of the pipeline has stored a value: its consumers read it from now on. */
  onStored(): void {
    this.#judge(() => {
      this.#truth.look(true);
      this.#checkGiven();
    });
  }

  #onChange(change: Change): void {
    if (change.kind === 'clock.moved' || change.kind === 'token.issued') return;
    const byTask = this.actor !== 'a person';
    if (this.actor !== 'a person') {
      this.actor.writes++;
      this.#checkWrite(this.actor, change);
    } else this.#noteDeed(change);
    if (change.kind === 'pat.revoked' && byTask) this.#revokedByTask.add(change.after.authorizationId);
    this.#truth.look(byTask);
    this.#checkGiven();
  }

  #noteScopes(): void {
    for (const pat of this.#scene.world.pats.all()) {
      const known = this.#scopesOf.get(plainName(pat)) ?? new Set();
      this.#scopesOf.set(plainName(pat), known.add(scopeSet(pat.scope)));
    }
  }

  #noteDeed(change: Change): void {
    switch (change.kind) {
      case 'pat.created':
        this.#madeByPeople.add(change.after.authorizationId);
        return;
      case 'pat.updated':
        this.#noteScopes();
        this.#renamedByPeople.set(change.after.authorizationId, this.tick);
        if (isShared(change.after)) this.#widenedByPeople.set(change.after.authorizationId, this.tick);
        return;
      case 'pat.revoked':
        this.#revokedByPeople.set(change.after.value, this.tick);
        return;
      case 'secret.set':
        this.#storedByPeople.set(change.after.value, this.tick);
        return;
      case 'secret.versionUpdated':
        this.#versionsOfTask.delete(change.after.version);
        return;
      case 'secret.recovered': {
        // What has come back was not there for a run that looked before.
        const back = this.#scene.world.vaults.newest(vaultHost, change.secret);
        if (back !== undefined && this.#storedByPeople.has(back.value)) this.#storedByPeople.set(back.value, this.tick);
        return;
      }
      default:
        return;
    }
  }

  /** I1: what consumers read belongs to a PAT that the task has not revoked. */
  #checkGiven(): void {
    const found = this.#truth.givenDead(({ authorizationId }) => this.#revokedByTask.has(authorizationId));
    if (found !== undefined) throw new Broken('I1', `${found}, which the task has revoked`);
  }

  #checkWrite(run: RunOnStage, change: Change): void {
    if (run.plan.dryRun === true || run.plan.mode === 'report')
      throw new Broken('I4', `a ${run.plan.mode === 'report' ? 'report' : 'dry run'} wrote (${change.kind})`);
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
      case 'group.written':
        this.#checkGroup(run, change.before, change.after);
        return;
      case 'endpoint.written':
        this.#checkConnection(run, change.before, change.after);
        return;
      case 'group.deleted':
      case 'endpoint.deleted':
        throw new Broken('I1', 'a place was deleted');
      default:
        return;
    }
  }

  #checkCreated(run: RunOnStage, pat: Pat): void {
    this.#checkSelected(pat);
    const { world } = this.#scene;
    const mostDays = run.plan.policy.lifetimeDays;
    if (isShared(pat)) throw new Broken('I7', `a PAT for several organizations was made (${pat.displayName})`);
    // Where nobody tells the time, the agent's clock is all there is.
    const unsure = world.settings.sendsDate ? rounding : agentAhead(this.#scene.start) + rounding;
    if (pat.validTo > world.now + mostDays * day + unsure)
      throw new Broken('I7', `${pat.displayName} lives longer than asked`);
    if (!this.#scopesOf.get(plainName(pat))?.has(scopeSet(pat.scope)))
      throw new Broken('I7', `${pat.displayName} has other scopes`);
    this.#checkBound(run, plainName(pat), pat);
  }

  /** I3: where runs have made PATs for nothing, night after night, there is an end to it. */
  #checkBound(run: RunOnStage, name: string, made: Pat): void {
    const { world, places } = this.#scene;
    const active = activeOf(this.#scene, name);
    const read = new Set(this.#truth.readers.filter(({ family }) => family === name).map((reader) => reader.read()));
    const current = active.filter(({ value }) => read.has(value));
    const versions = world.vaults.secret(vaultHost, secretOf(name))?.versions ?? [];
    const stored = new Set(versions.map(({ value }) => value));
    const forNothing = active.filter(
      (pat) =>
        pat !== made &&
        !isShared(pat) &&
        !this.#madeByPeople.has(pat.authorizationId) &&
        !this.#truth.wasGiven(pat.value) &&
        // In a version that another one covered within the same second, it is explained.
        !stored.has(pat.value) &&
        run.startedAt - pat.validFrom > 13 * hour &&
        (places.length === 0
          ? pat.displayName.endsWith(': new)')
          : current.every((each) => pat.validFrom >= each.validFrom)),
    );
    const most = places.length === 0 ? 3 : 5;
    // A machine that has slept takes what it heard before it for news.
    if (run.asleep > 0) return;
    if (forNothing.length >= most)
      throw new Broken('I3', `another PAT "${name}" was made beside ${forNothing.length} that nobody was ever given`);
  }

  #checkUpdated(run: RunOnStage, before: Pat, after: Pat): void {
    // What a person has changed since the run began, it cannot know.
    if ((this.#renamedByPeople.get(before.authorizationId) ?? 0) > run.startedAtTick) return;
    this.#checkSelected(before);
    const markedAt = this.#markedAt.get(before.authorizationId);
    if (run.plan.mode === 'simple' && isMarked(before) && markedAt !== undefined && markedAt <= run.startedAtTick) {
      throw new Broken('I7', `simple changed "${before.displayName}"`);
    }
    if (isMarked(after)) this.#promisedHours.set(after.authorizationId, run.plan.policy.revokeAfterHours);
    if (plainName(after) !== plainName(before)) throw new Broken('I7', `${before.displayName} was given another name`);
    const isNarrowed = isShared(before) && !isShared(after) && !this.#widenedByPeople.has(before.authorizationId);
    if (!sameScopes(after.scope, before.scope) || isNarrowed || (isShared(after) && !isShared(before)))
      throw new Broken('I7', `${before.displayName} was widened, or narrowed`);
    // Marking a superseded PAT sends the end that the run has read; another run may have moved it since. And of two runs of mode
    // simple that overlap, the later request may be the one that was decided earlier, before its machine slept, say.
    const atLeast = Math.min(before.validTo, run.startedAt + run.plan.policy.lifetimeDays * day);
    if (after.validTo < atLeast - 4 * hour && !isMarked(after)) {
      throw new Broken('I1', `the end of ${before.displayName} was brought forward`);
    }
    const widenedAt = this.#widenedByPeople.get(before.authorizationId) ?? 0;
    // Only the *new* marker is taken off: the task makes such PATs itself, where it is asked to.
    const isConfirmed = before.allOrgs && before.displayName.endsWith(': new)') && !isMarked(after);
    const isRenamed = after.displayName !== before.displayName && !isConfirmed;
    if (isShared(before) && isRenamed && widenedAt <= run.startedAtTick)
      throw new Broken('I7', 'a PAT of several organizations was renamed');
    this.#checkRenamed(run, before, after);
    if (isMarked(after)) this.#markedAt.set(after.authorizationId, this.tick);
  }

  /** A name that says "confirmed" where nobody was ever given the value, or "superseded" of what consumers read, is a lie. */
  #checkRenamed(run: RunOnStage, before: Pat, after: Pat): void {
    if (after.displayName === before.displayName) return;
    if (!isMarked(after) && before.displayName.endsWith(': new)') && !this.#truth.wasGiven(after.value))
      throw new Broken('I1', `${before.displayName} was confirmed, and nobody had stored its value`);
    const markedAt = this.#markedAt.get(before.authorizationId) ?? 0;
    if (before.displayName.includes(': revoke after ') && markedAt <= run.startedAtTick)
      throw new Broken('I2', `a date was changed (${before.displayName})`);
    const reader = this.#truth.readers.find(({ read }) => read() === after.value);
    if (isMarked(after) && reader !== undefined)
      throw new Broken('I1', `${before.displayName} was given a date to be revoked, and is what ${reader.place} holds`);
  }

  #checkSelected(pat: Pat): void {
    const name = plainName(pat);
    if (selectedNames.some((each) => each === name) || (this.#scene.start.expiredTwin && name === twinName)) return;
    throw new Broken('I7', `"${pat.displayName}" is not selected`);
  }

  /** I2, by the truth of what was given out when. */
  #checkRevoked(run: RunOnStage, pat: Pat): void {
    const { now } = this.#scene.world;
    if (isShared(pat)) throw new Broken('I2', 'a PAT of several organizations was revoked');
    const name = plainName(pat);
    // The exception: what its own run has made and certainly never handed over, whatever people call it since.
    const wasGiven = this.#truth.wasGiven(pat.value) || this.#handedOver.has(pat.value);
    if (run.made.has(pat.authorizationId) && !wasGiven) return;
    this.#checkSelected(pat);
    const label = `${pat.authorizationId} ("${pat.displayName}") was revoked`;
    const others = activeOf(this.#scene, name).filter((other) => other.authorizationId !== pat.authorizationId);
    if (!others.some((other) => sameScopes(other.scope, pat.scope)))
      throw new Broken('I2', `${label}, and no other PAT of its family is active`);
    if (now - pat.validFrom < 12 * hour - rounding) throw new Broken('I2', `${label} within 12 hours of its creation`);
    // Handed over: the date in a PAT's name is what its consumers were promised, whatever later runs ask for.
    const promised = this.#promisedHours.get(pat.authorizationId) ?? run.plan.policy.revokeAfterHours;
    const grace = Math.min(promised, run.plan.policy.revokeAfterHours);
    const why = this.#truth.whyNotSuperseded(pat, name, grace);
    if (why !== undefined) throw new Broken('I2', `${label}: ${why}`);
  }

  #checkSet(run: RunOnStage, secret: string, { value, tags, expires, version }: SecretVersion): void {
    // With a stamp that contradicts the vault's own time (or was long on its way), it is recognised by nobody.
    const { settings, now } = this.#scene.world;
    if (settings.sendsDate && run.setBack === 0 && now - this.askedAt < hour / 4) this.#versionsOfTask.add(version);
    const name = selectedNames.find((each) => secretOf(each) === secret);
    if (name === undefined) throw new Broken('I7', `secret ${secret} is not selected`);
    const pat = this.#checkDelivered(run, name, `secret ${secret}`, value);
    // In one call: a crash must not leave a value without its owner's name and expiry.
    if (tags['renewPats-authorizationId'] !== pat.authorizationId)
      throw new Broken('I5', `${secret} holds a value without its tags`);
    if (expires === undefined || expires > pat.validTo / 1000)
      throw new Broken('I5', `${secret} promises to live longer than its PAT`);
    this.#checkCovered(run, secret, version);
  }

  /** What is put anywhere is a proven PAT of the family, and one that nobody may take for an orphan. */
  #checkDelivered(run: RunOnStage, name: string, place: string, value: string): Pat {
    const { world } = this.#scene;
    const pat = world.pats.byValue(value);
    const isRenamed = pat !== undefined && this.#renamedByPeople.has(pat.authorizationId);
    if (pat === undefined || (plainName(pat) !== name && !isRenamed))
      throw new Broken('I1', `${place} was given no value of a PAT of "${name}"`);
    const isCopy = !run.made.has(pat.authorizationId);
    if (!isCopy) this.#checkAge(place, pat);
    if (!isCopy) this.#checkProven(run, place, value);
    if (!run.registered.has(value))
      throw new Broken('I8', `${place} was given a value that was not registered as a secret`);
    return pat;
  }

  #checkAge(place: string, pat: Pat | undefined): void {
    const age = (this.askedAt - (pat?.validFrom ?? this.askedAt)) / 60_000;
    if (age <= 31) return;
    // A write that broke off by half is covered by the record from before; whatever value goes with it, no run takes it for an orphan within 12 hours.
    if (this.#scene.start.brokenWrite !== 'nothing' && !place.startsWith('secret ') && age < 12 * 60) return;
    throw new Broken(
      'I2',
      `${place} was given a PAT that is ${age} minutes old: another run may take it for an orphan`,
    );
  }

  /** I1: a value is delivered only after a look at whether it works; what a person does after that look is theirs. */
  #checkProven(run: RunOnStage, place: string, value: string): void {
    const revokedAt = this.#revokedByPeople.get(value);
    if (revokedAt === undefined) return;
    const proof = run.proofs.get(value);
    if (proof !== undefined && (proof.wasLost || proof.tick <= revokedAt)) return;
    throw new Broken('I1', `${place} was given the value of a PAT that a person had revoked, and nobody looked`);
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

  /** I7: of a whole document that is written anew, nothing changes but values of the task's and what it notes beside them. */
  #checkGroup(run: RunOnStage, before: VariableGroup, after: VariableGroup): void {
    const own = new Map(selectedNames.map((name) => [variableOf(name), name]));
    const others = ({ variables }: VariableGroup) =>
      Object.entries(variables).filter(([name]) => !own.has(name) && !own.has(name.replace(/_RenewPats$/, '')));
    const rest = (group: VariableGroup) =>
      JSON.stringify([group.name, group.description, group.type, group.more, group.references, others(group)]);
    if (rest(before) !== rest(after)) throw new Broken('I7', 'something of other people’s in the group was changed');
    for (const [variable, name] of own)
      this.#checkSlot(
        run,
        name,
        `variable ${variable}`,
        before.variables[variable]?.value,
        after.variables[variable]?.value,
      );
  }

  #checkConnection(run: RunOnStage, before: ServiceEndpoint, after: ServiceEndpoint): void {
    const name = selectedNames.find((each) => after.references.some((one) => one.name === connectionOf(each)));
    if (name === undefined) throw new Broken('I7', 'a connection that no rule names was written');
    const personal = (description: string) => description.split('\n')[0];
    const rest = (one: ServiceEndpoint) =>
      JSON.stringify([
        ...[one.type, one.url, one.scheme, one.data, one.more, one.owner, one.isDisabled],
        one.references.map(({ projectId, name: named, description }) => [projectId, named, personal(description)]),
      ]);
    if (rest(before) !== rest(after))
      throw new Broken('I7', `something of other people’s in ${connectionOf(name)} was changed`);
    this.#checkSlot(run, name, connectionOf(name), before.parameters.apitoken, after.parameters.apitoken);
  }

  #checkSlot(run: RunOnStage, name: string, place: string, before = '', after = ''): void {
    if (before === after) return;
    if (after === '') {
      // A document knows no revision: what another run has put there for the first time since this one read it is lost, and
      // the next run puts it there again.
      if ((this.#filledAt.get(place) ?? 0) > run.startedAtTick) return;
      throw new Broken('I1', `${place} was emptied`);
    }
    if (before === '') this.#filledAt.set(place, this.tick);
    this.#checkDelivered(run, name, place, after);
  }

  /** I3, in a pipeline that renews each day: what is superseded goes when its grace is over, whatever came after it. */
  checkNotPilingUp(graceHours: number): void {
    for (const name of selectedNames) {
      const active = activeOf(this.#scene, name).filter((pat) => !isShared(pat));
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
    const { report } = run;
    const texts = [...report.warnings, ...report.notices].join('\n');
    const told = `${reportJson(report)}${summaryMarkdown(report, run.settings)}${texts}`;
    for (const pat of this.#scene.world.pats.all()) {
      if (told.includes(pat.value)) throw new Broken('I8', `the report holds the value of ${pat.displayName}`);
    }
  }

  /**
   * I3, liveness: where a job of mode *advanced* was undisturbed and green, what consumers read does not end before a later
   * run would see to it.
   */
  checkLive(run: RunOnStage): void {
    const { world, places, start } = this.#scene;
    const { renewBeforeDays, includeExpired } = run.plan.policy;
    // Where nobody told the time, what was delivered hours ago may bear a time to come.
    if (start.clocks === 'no Date, agent ahead') return;
    // A list that lags does not show what keeps a family from being forgotten.
    if (start.listsLag) return;
    for (const reader of this.#truth.readers) {
      const { family, place, read } = reader;
      // What was pasted into a document shows as an edit, which is told of, and stands until the next delivery.
      if (!place.startsWith('secret ') && places.length > 0 && !this.#truth.isByTask(reader)) continue;
      const active = activeOf(this.#scene, family);
      if (active.length === 0 && (!includeExpired || this.#isRevokedByPeople(family))) continue;
      // By names alone, a PAT of several organizations is the one in use once all others have ended.
      if (places.length === 0 && active.every(isShared)) continue;
      const pat = this.#patOf(read());
      const who = `consumers of "${family}" (${place})`;
      const green = 'although a run that nothing disturbed was green';
      if (pat === undefined) throw new Broken('I3', `${who} are given no PAT, ${green}`);
      if (isShared(pat)) continue;
      // Who renames the PAT in use takes it out of the task's hands (docs/how-it-works.md, What people can break).
      if (plainName(pat) !== family) continue;
      // Names do not tell that a person's PAT was never given out.
      if (places.length === 0 && active.some((each) => this.#madeByPeople.has(each.authorizationId))) continue;
      // Nor which of several of a name it was that consumers were given, once it has ended beside another one.
      const hasEnded = world.pats.status(pat) === 'expired';
      if (places.length === 0 && hasEnded && start.sameNamed > 1 && active.some((each) => !isMarked(each))) continue;
      if (world.pats.status(pat) !== 'active') throw new Broken('I3', `${who} are given a dead value, ${green}`);
      // What was delivered minutes ago may be an earlier attempt's, by a vault's clock that is ahead.
      if (
        renewBeforeDays === undefined
          ? pat.validFrom < run.startedAt - hour / 3
          : pat.validTo - run.startedAt <= renewBeforeDays * day
      )
        throw new Broken('I3', `${who} are given the value of a PAT that was due, ${green}`);
    }
  }

  /** I3 and I5: after the last complete run everything is as it should be. */
  checkEnd(): void {
    const { places } = this.#scene;
    for (const name of selectedNames) {
      const active = activeOf(this.#scene, name).filter((pat) => !isShared(pat));
      const list = active.map((pat) => `${pat.authorizationId} "${pat.displayName}"`).join(', ');
      // Whose last PAT a person revoked is gone: nothing lists it any more, and nobody knows its scopes.
      if (active.length === 0 && this.#isRevokedByPeople(name)) continue;
      // By names alone, a PAT of several organizations is the one in use once all others have ended.
      if (active.length === 0 && places.length === 0 && activeOf(this.#scene, name).length > 0) continue;
      if (active.length !== 1) throw new Broken('I3', `"${name}" has ${active.length} active PATs in the end: ${list}`);
      const [current] = active;
      if (current === undefined) continue;
      if (isMarked(current))
        throw new Broken('I5', `the PAT of "${name}" still is "${current.displayName}" in the end`);
      for (const { place, read } of this.#truth.readers.filter(({ family }) => family === name)) {
        // Names do not tell that a person's PAT, the last one left, was never given out: its maker does that.
        if (places.length === 0 && this.#madeByPeople.has(current.authorizationId)) continue;
        // Nor which of several of a name it was that consumers were given, once it has ended beside another one.
        const given = this.#patOf(read());
        const hasEnded = given !== undefined && this.#scene.world.pats.status(given) === 'expired';
        if (places.length === 0 && hasEnded && this.#scene.start.sameNamed > 1) continue;
        if (read() !== current.value)
          throw new Broken('I5', `consumers of "${name}" (${place}) do not read its PAT in the end`);
      }
      if (places.includes('vault')) this.#checkVersions(name);
    }
  }

  #patOf(value: string | undefined): Pat | undefined {
    return value === undefined ? undefined : this.#scene.world.pats.byValue(value);
  }

  #isRevokedByPeople(name: string): boolean {
    const family = [...this.#scene.world.pats.all()].filter((pat) => plainName(pat) === name && !isShared(pat));
    return family.every((pat) => pat.revokedAt !== undefined);
  }

  #checkVersions(name: string): void {
    for (const { value, version, enabled } of this.#scene.world.vaults.secret(vaultHost, secretOf(name))?.versions ??
      []) {
      const pat = this.#scene.world.pats.byValue(value);
      if (!enabled || pat === undefined || !this.#versionsOfTask.has(version)) continue;
      if (this.#revokedByTask.has(pat.authorizationId))
        throw new Broken(
          'I5',
          `a version of ${name} with the revoked value of ${pat.authorizationId} is still enabled`,
        );
    }
  }

  /** For stories that are told: what each reader is given. */
  tellReaders(): string {
    return this.#truth.readers
      .map(
        ({ family, place, read }) =>
          `${family} (${place}): ${this.#patOf(read())?.authorizationId.slice(0, 8) ?? 'none'}`,
      )
      .join('; ');
  }
}
