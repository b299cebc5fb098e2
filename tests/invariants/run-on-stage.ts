import type { RunReport } from '../../src/report/run-report.ts';
import type { Settings } from '../../src/settings/settings.ts';
import type * as TheEngine from './engine.ts';
import {
  connectionOf,
  group,
  organization,
  project,
  type Stage,
  secretOf,
  selectedNames,
  twinName,
  variableOf,
  vaultHost,
} from './scene.ts';
import type { FaultKind, PlaceKind, RunPlan, TimedFault } from './story.ts';

/** The product's code under test: as it is, or with a planted fault. */
export type Engine = typeof TheEngine;

/** A remote call (or a pause) of a run that waits for its turn. */
export interface Waiting {
  readonly run: RunOnStage;
  readonly operation: string;
  /** Does what the service does, and hands the answer over as the fault wants it. */
  readonly proceed: (fault: FaultKind | undefined) => void;
  /** The value that the call shows to the service, if it is a look at one. */
  readonly proving?: string;
}

export type Wait = (waiting: Waiting) => void;

/** Whether a call with this fault takes effect at the service. */
export function takesEffect(fault: FaultKind | undefined): boolean {
  switch (fault) {
    case 'answer lost':
    case 'server error, done':
    case 'killed after':
      return true;
    default:
      return isAnswered(fault);
  }
}

/** Whether the caller gets the service's own answer. */
export function isAnswered(fault: FaultKind | undefined): boolean {
  return fault === undefined || fault === 'very slow' || fault === 'cancelled' || fault === 'asleep';
}

/** What the steps of one job share. */
export interface Job {
  /** When the pipeline's run started, by Azure DevOps' clock. */
  readonly startedAt: number;
  /** `PAT_…`, as the later steps get them. */
  readonly variables: Map<string, string>;
  /** `RenewPats.HandedOver`. */
  handedOver: readonly string[];
}

/** One run of the engine: its calls proceed one by one, when the director says so. */
export class RunOnStage {
  readonly name: string;
  readonly plan: RunPlan;
  readonly job: Job;
  readonly settings: Settings;
  /** Resolves when the run has ended, or its process died. */
  readonly ended: Promise<void>;
  /** Ids of the PATs that this run has made. */
  readonly made = new Set<string>();
  /** Creations that may have taken effect, by display name. */
  readonly creations = new Map<string, number>();
  /** The last look at each new value: when (by the count of all calls), and whether its answer was lost. */
  readonly proofs = new Map<string, { readonly tick: number; readonly wasLost: boolean }>();
  /** All that it registered as a secret. */
  readonly registered = new Set<string>();
  startedAtTick = 0;
  startedAt = 0;
  calls = 0;
  writes = 0;
  /** Milliseconds during which its machine has slept, and by which its clock was set back. */
  asleep = 0;
  setBack = 0;
  isCancelled = false;
  /** Whether it has begun to look for the last time before a revocation. */
  hasLooked = false;
  isDead = false;
  wasAlone = true;
  isBesideOthers = false;
  report: RunReport | undefined;
  readonly #faults: ReadonlyMap<number, FaultKind>;
  #end: () => void = () => {};

  constructor(name: string, plan: RunPlan, faults: readonly TimedFault[], job: Job, scene: Stage) {
    this.name = name;
    this.plan = plan;
    this.job = job;
    this.settings = settingsFor(scene, plan, job);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#faults = new Map(
      faults.flatMap(({ atCall, fault, times }) =>
        Array.from({ length: times }, (_, repeat) => [atCall + repeat, fault] as const),
      ),
    );
  }

  get isDisturbed(): boolean {
    return this.#faults.size > 0 || !this.wasAlone;
  }

  /** Whether a step with it would be green. */
  get isGreen(): boolean {
    const { report } = this;
    if (report === undefined || this.isCancelled || report.failure !== undefined || report.unreachable.length > 0)
      return false;
    return report.organizations.every(({ pats }) => pats.every(({ outcome }) => outcome !== 'failed'));
  }

  end(): void {
    this.#end();
  }

  nextFault(): FaultKind | undefined {
    return this.#faults.get(this.calls++);
  }
}

function settingsFor(scene: Stage, plan: RunPlan, job: Job): Settings {
  const inVault = scene.places.includes('vault');
  const names = scene.start.expiredTwin ? [...selectedNames, twinName] : selectedNames;
  return {
    mode: plan.mode,
    organizations: [organization],
    signIn: { kind: 'password', authorityHost: '', tenantId: '', clientId: '', username: '', password: '' },
    rules: names.map((pattern) => {
      const places = scene.places.map((place) => placeInRule(place, pattern));
      return { kind: 'include', pattern, places, text: pattern };
    }),
    policy: { ...plan.policy, allOrgs: 'keep' },
    variableGroup: undefined,
    takeOver: plan.takeOver ?? false,
    handedOver: scene.places.length === 0 ? job.handedOver : [],
    failDays: undefined,
    pipelineStart: job.startedAt,
    vault: inVault ? { url: `https://${vaultHost}`, connection: undefined, secretNameTemplate: '{pat}' } : undefined,
    setOutputVariables: false,
    hasPlaces: scene.places.length > 0,
    warnDays: 14,
    dryRun: plan.dryRun ?? false,
    concurrency: plan.concurrency,
    doubts: [],
  };
}

function placeInRule(place: PlaceKind, name: string): string {
  switch (place) {
    case 'vault':
      return `secret:${secretOf(name)}`;
    case 'group':
      return `group:${project}/${group}/${variableOf(name)}`;
    case 'connection':
      return `connection:${project}/${connectionOf(name)}`;
  }
}
