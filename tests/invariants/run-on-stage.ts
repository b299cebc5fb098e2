import type { RunReport } from '../../src/report/run-report.ts';
import type { Settings } from '../../src/settings/settings.ts';
import type * as TheEngine from './engine.ts';
import { organization, type Scene, selectedNames, vaultHost } from './scene.ts';
import type { FaultKind, RunPlan } from './story.ts';

/** The product's code under test: as it is, or with a planted mutation. */
export type Engine = typeof TheEngine;

/** A remote call (or a pause) of a run that waits for its turn. */
export interface Waiting {
  readonly run: RunOnStage;
  readonly operation: string;
  /** Does what the service does, and hands the answer over as the fault wants it. */
  readonly proceed: (fault: FaultKind | undefined) => void;
  /** The service carries it out, without anybody who waits for the answer any more. */
  readonly land?: () => void;
  /** The value that the call shows to the service, if it is a look at one. */
  readonly proving?: string;
}

export type Wait = (waiting: Waiting) => void;

/** Whether a call with this fault takes effect at the service. */
export function takesEffect(fault: FaultKind | undefined): boolean {
  switch (fault) {
    case undefined:
    case 'very slow':
    case 'cancelled':
    case 'answer lost':
    case 'server error, done':
    case 'killed after':
      return true;
    default:
      return false;
  }
}

/** Whether the caller gets the service's own answer. */
export function isAnswered(fault: FaultKind | undefined): boolean {
  return fault === undefined || fault === 'very slow' || fault === 'cancelled';
}

/** One run of the engine: its calls proceed one by one, when the director says so. */
export class RunOnStage {
  readonly name: string;
  readonly plan: RunPlan;
  readonly settings: Settings;
  /** Ids of the PATs that this run has made. */
  readonly made = new Set<string>();
  /** Creations that may have taken effect, by display name. */
  readonly creations = new Map<string, number>();
  /** The last look at each new value: when (by the count of all calls), and whether its answer was lost. */
  readonly proofs = new Map<string, { readonly tick: number; readonly wasLost: boolean }>();
  startedAtTick = 0;
  calls = 0;
  writes = 0;
  isCancelled = false;
  /** Whether it has begun to look for the last time before a revocation. */
  hasLooked = false;
  isDead = false;
  report: RunReport | undefined;
  readonly #faults: ReadonlyMap<number, FaultKind>;

  constructor(name: string, plan: RunPlan, scene: Scene) {
    this.name = name;
    this.plan = plan;
    this.settings = settingsFor(scene, plan);
    this.#faults = new Map(
      plan.faults.flatMap(({ atCall, fault, times }) =>
        Array.from({ length: times }, (_, repeat) => [atCall + repeat, fault] as const),
      ),
    );
  }

  nextFault(): FaultKind | undefined {
    return this.#faults.get(this.calls++);
  }
}

function settingsFor(scene: Scene, plan: RunPlan): Settings {
  const inVault = scene.destination === 'vault';
  return {
    mode: plan.mode,
    organizations: [organization],
    signIn: { kind: 'password', authorityHost: '', tenantId: '', clientId: '', username: '', password: '' },
    rules: selectedNames.map((pattern) => ({ kind: 'include', pattern, places: [], text: pattern })),
    policy: { ...plan.policy, allOrgs: 'keep' },
    variableGroup: undefined,
    takeOver: false,
    handedOver: [],
    failDays: undefined,
    pipelineStart: undefined,
    hasPlaces: inVault,
    vault: inVault ? { url: `https://${vaultHost}`, connection: undefined, secretNameTemplate: '{pat}' } : undefined,
    setOutputVariables: false,
    warnDays: 14,
    dryRun: false,
    concurrency: plan.concurrency,
    doubts: [],
  };
}
