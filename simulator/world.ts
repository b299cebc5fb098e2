import type { Change, ChangeListener } from './change.ts';
import { Clock, type Duration, milliseconds } from './clock.ts';
import { Entra } from './entra.ts';
import { KeyVault } from './key-vault.ts';
import { PatService } from './pat-service.ts';
import { Pipelines } from './pipelines.ts';
import { Projects } from './projects.ts';
import { Random } from './random.ts';
import { ServiceEndpoints } from './service-endpoints.ts';
import { defaultSettings, type Settings } from './settings.ts';
import type { Surroundings } from './surroundings.ts';
import { VariableGroups } from './variable-groups.ts';

/**
 * Entra ID, Azure DevOps and Key Vault as one state in memory: no sockets, no waiting. Every remote operation is a plain
 * synchronous method of its service. The same start, seed and calls lead to the same state.
 */
export class World implements Surroundings {
  readonly random: Random;
  readonly entra: Entra;
  readonly pats: PatService;
  readonly vaults: KeyVault;
  readonly pipelines: Pipelines;
  readonly projects: Projects;
  readonly groups: VariableGroups;
  /** Service connections, by the API's name for them. */
  readonly endpoints: ServiceEndpoints;
  #settings: Settings;
  #clock: Clock;
  readonly #listeners = new Set<ChangeListener>();

  /** @param from a world to go on from, as a copy; without it the world is empty. */
  constructor(
    clock: Clock,
    start: { readonly seed?: number; readonly settings?: Partial<Settings>; readonly from?: World } = {},
  ) {
    this.#clock = clock;
    this.#settings = { ...defaultSettings, ...start.settings };
    this.random = start.from?.random.fork() ?? new Random(start.seed ?? 1);
    this.entra = start.from?.entra.fork(this) ?? new Entra(this);
    this.pats = start.from?.pats.fork(this) ?? new PatService(this);
    this.vaults = start.from?.vaults.fork(this) ?? new KeyVault(this);
    this.pipelines = start.from?.pipelines.fork(this, this.entra) ?? new Pipelines(this, this.entra);
    this.projects = start.from?.projects.fork() ?? new Projects();
    this.groups = start.from?.groups.fork(this, this.projects) ?? new VariableGroups(this, this.projects);
    this.endpoints = start.from?.endpoints.fork(this, this.projects) ?? new ServiceEndpoints(this, this.projects);
  }

  /** The services' time, in milliseconds since 1970. */
  get now(): number {
    return this.#clock.now;
  }

  set now(instant: number) {
    this.#clock.now = instant;
    this.changed({ kind: 'clock.moved', now: instant });
  }

  advance(duration: Duration): void {
    this.now += milliseconds(duration);
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Gives an organization another name: it keeps its id and all that is in it, and the old name answers 404. */
  rename(from: string, to: string): void {
    this.pats.rename(from, to);
    this.pipelines.rename(from, to);
  }

  /** Changes some of the settings from now on. */
  configure(settings: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /**
   * Calls `listener` right after every change of state, before the caller of the operation has its answer.
   * @returns a function that ends it.
   */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** An independent copy with the same state and the same future randomness, without the listeners; its clock stands still. */
  fork(): World {
    return new World(new Clock(this.now, false), { settings: this.#settings, from: this });
  }
}
