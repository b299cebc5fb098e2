import { evaluate, isTruthy, type Value, type ValueMap } from '../../simulator/agent/expression.ts';
import { runJob } from '../../simulator/agent/run-job.ts';
import type { TaskResult } from '../../simulator/agent/run-task.ts';
import type { GivenVariable, JobOptions, JobStep, TaskRun } from '../../simulator/agent/task-job.ts';

export type GivenVariables = Readonly<Record<string, GivenVariable>>;

/** What a pipeline finds around it. */
export interface Surroundings {
  readonly options: Omit<JobOptions, 'variables'>;
  /** Folders of tasks by what follows `task:`. */
  readonly tasks: Readonly<Record<string, string>>;
  /** Variable groups, by name. */
  readonly groups: Readonly<Record<string, GivenVariables>>;
}

export interface PipelineRun {
  /** The worst of its jobs'. */
  readonly results: Readonly<Record<string, TaskResult>>;
  /** Every step that is in a job which ran, in order. */
  readonly steps: readonly RanStep[];
}

export interface RanStep extends TaskRun {
  /** `displayName:`, or what it is. */
  readonly title: string;
}

type Mapping = Readonly<Record<string, unknown>>;

/** A job, or a stage, as others see it by its name. */
interface Seen {
  readonly result: TaskResult;
  readonly outputs: ReadonlyMap<string, { readonly value: string; readonly isSecret: boolean }>;
}

/**
 * Runs a pipeline with all of its stages, jobs and steps, one after the other in the order of the page: tasks, scripts, and
 * every `condition:`. Templates have to be in their places, as expandTemplates() puts them.
 * @throws Error on what is not known here, and where Azure Pipelines would refuse the page
 */
export async function runPipeline(content: unknown, surroundings: Surroundings): Promise<PipelineRun> {
  const pipeline = mapping(content);
  const stages = Array.isArray(pipeline.stages) ? pipeline.stages.map(mapping) : [{ ...pipeline, stage: '' }];
  const run: { results: Record<string, TaskResult>; steps: RanStep[] } = { results: {}, steps: [] };
  const seenStages = new Map<string, { readonly stage: Seen; readonly jobs: ReadonlyMap<string, Seen> }>();
  let before: string[] = [];
  for (const stage of stages) {
    const name = String(stage.stage);
    const needed = stage.dependsOn === undefined ? before : list(stage.dependsOn);
    const stagesNeeded = new Map(needed.map((each) => [each, found(seenStages, each)]));
    const jobs = new Map<string, Seen>();
    const dependencies = new Map([...stagesNeeded].map(([each, { stage: seen }]) => [each, seen]));
    const isWanted = holds(stage.condition, { dependencies, stageDependencies: new Map(), variables: {} });
    for (const job of list(stage.jobs ?? [stage], mapping)) {
      const jobName = String(job.job ?? job.deployment ?? 'Job');
      const scope: Scope = {
        dependencies: new Map(list(job.dependsOn ?? []).map((each) => [each, found(jobs, each)])),
        stageDependencies: new Map([...stagesNeeded].map(([each, { jobs: seen }]) => [each, seen])),
        variables: {},
      };
      for (const holder of new Set([pipeline, stage, job])) addVariables(holder.variables, scope, surroundings);
      const seen =
        isWanted && holds(job.condition, scope)
          ? await runLegs(jobName, job, scope, { surroundings, run })
          : { result: 'Skipped' as const, outputs: new Map() };
      jobs.set(jobName, seen);
      run.results[name === '' ? jobName : `${name}.${jobName}`] = seen.result;
    }
    const outputs = new Map(
      [...jobs].flatMap(([job, seen]) => [...seen.outputs].map(([key, value]) => [`${job}.${key}`, value])),
    );
    seenStages.set(name, { stage: { result: worst([...jobs.values()].map(({ result }) => result)), outputs }, jobs });
    before = [name];
  }
  return run;
}

/** What expressions of a stage or a job may speak of. */
interface Scope {
  readonly dependencies: ReadonlyMap<string, Seen>;
  readonly stageDependencies: ReadonlyMap<string, ReadonlyMap<string, Seen>>;
  variables: GivenVariables;
}

/** Of a matrix, one job each. Outputs are `step.name`, of a leg `leg.step.name`, of a deployment `job.step.name`. */
async function runLegs(
  name: string,
  job: Mapping,
  { variables }: Scope,
  { surroundings, run }: { surroundings: Surroundings; run: { steps: RanStep[] } },
): Promise<Seen> {
  const strategy = mapping(job.strategy ?? {});
  const legs = Object.entries(mapping(strategy.matrix ?? { '': {} }));
  const hook = mapping(mapping(strategy.runOnce ?? {}).deploy ?? {});
  const outputs = new Map<string, { value: string; isSecret: boolean }>();
  const results: TaskResult[] = [];
  for (const [leg, own] of legs) {
    const prefix = job.deployment === undefined ? leg : name;
    const steps = list(job.steps ?? hook.steps ?? [], mapping).filter(({ checkout }) => checkout === undefined);
    const ran = await runJob({
      ...surroundings.options,
      variables: { ...variables, ...(texts(own) as GivenVariables) },
      steps: steps.map((step) => stepOf(step, surroundings)),
    });
    results.push(ran.result);
    for (const [index, stepRun] of ran.steps.entries()) {
      const step = mapping(steps[index]);
      run.steps.push({ ...stepRun, title: String(step.displayName ?? step.task ?? 'Bash') });
      for (const [output, value] of stepRun.outputs) {
        outputs.set([prefix, step.name, output].filter((part) => part !== '').join('.'), value);
      }
    }
  }
  return { result: worst(results), outputs };
}

function stepOf(step: Mapping, { tasks }: Surroundings): JobStep {
  const { name, displayName, condition, continueOnError, env, target, retryCountOnTaskFailure } = step;
  const options = {
    ...(name === undefined ? {} : { stepName: String(name) }),
    ...(displayName === undefined ? {} : { displayName: String(displayName) }),
    ...(condition === undefined ? {} : { condition: String(condition) }),
    ...(continueOnError === undefined ? {} : { continueOnError: continueOnError === true }),
    ...(env === undefined ? {} : { env: texts(env) }),
    ...(target === undefined ? {} : { target: mapping(target) }),
    ...(retryCountOnTaskFailure === undefined ? {} : { retryCountOnTaskFailure: Number(retryCountOnTaskFailure) }),
  };
  const script = step.bash ?? step.script;
  if (typeof script === 'string') return { ...options, script };
  const taskFolder = tasks[String(step.task)];
  if (taskFolder === undefined) throw new Error(`This step is not known here: ${JSON.stringify(step)}`);
  return { ...options, taskFolder, inputs: texts(step.inputs ?? {}) };
}

function addVariables(written: unknown, scope: Scope, { groups }: Surroundings): void {
  const entries = Array.isArray(written)
    ? written.map(mapping)
    : Object.entries(mapping(written ?? {})).map(([name, value]) => ({ name, value }) as Mapping);
  for (const { group, name, value } of entries) {
    if (group !== undefined) {
      const members = groups[String(group)];
      if (members === undefined) throw new Error(`There is no variable group ${group}.`);
      scope.variables = { ...scope.variables, ...members };
    } else {
      scope.variables = { ...scope.variables, [String(name)]: variable(String(value), scope) };
    }
  }
}

/** `$[ … ]` is evaluated before the job starts; what comes from a secret output is secret. */
function variable(text: string, scope: Scope): GivenVariable {
  const expression = /^\$\[(.*)\]$/s.exec(text.trim())?.[1];
  if (expression === undefined) return text;
  const evaluated = evaluate(expression, { names: namesOf(scope), functions: {} });
  const value = evaluated === null ? '' : String(evaluated);
  const isSecret = [...allSeen(scope)].some(({ outputs }) =>
    [...outputs.values()].some((output) => output.isSecret && output.value === value),
  );
  return isSecret ? { value, secret: true } : value;
}

function* allSeen({ dependencies, stageDependencies }: Scope): Generator<Seen> {
  yield* dependencies.values();
  for (const jobs of stageDependencies.values()) yield* jobs.values();
}

function holds(condition: unknown, scope: Scope): boolean {
  const functions = (names: readonly Value[]) => {
    const of =
      names.length === 0
        ? [...scope.dependencies.values()]
        : names.map((name) => found(scope.dependencies, String(name)));
    return of.map(({ result }) => result);
  };
  const isGood = (result: TaskResult) => result === 'Succeeded' || result === 'SucceededWithIssues';
  const value = evaluate(String(condition ?? 'succeeded()'), {
    names: namesOf(scope),
    functions: {
      always: () => true,
      canceled: () => false,
      succeeded: (...names) => functions(names).every(isGood),
      failed: (...names) => functions(names).includes('Failed'),
      succeededorfailed: (...names) => functions(names).every((result) => isGood(result) || result === 'Failed'),
    },
  });
  return isTruthy(value);
}

function namesOf({ dependencies, stageDependencies, variables }: Scope): Readonly<Record<string, ValueMap>> {
  const seen = ({ result, outputs }: Seen) =>
    values({ result, outputs: { get: (name: string) => outputs.get(name)?.value ?? null } });
  const all = (map: ReadonlyMap<string, Seen>) =>
    values(Object.fromEntries([...map].map(([name, each]) => [name, seen(each)])));
  return {
    variables: {
      get: (name) => {
        const given = Object.entries(variables).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
        return given === undefined ? null : typeof given === 'string' ? given : given.value;
      },
    },
    dependencies: all(dependencies),
    stagedependencies: values(Object.fromEntries([...stageDependencies].map(([name, jobs]) => [name, all(jobs)]))),
  };
}

function values(of: Readonly<Record<string, Value>>): ValueMap {
  return { get: (name) => of[name] ?? null };
}

function worst(results: readonly TaskResult[]): TaskResult {
  if (results.length > 0 && results.every((result) => result === 'Skipped')) return 'Skipped';
  const order: readonly TaskResult[] = ['Canceled', 'Failed', 'SucceededWithIssues'];
  return order.find((result) => results.includes(result)) ?? 'Succeeded';
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined)
    throw new Error(`${name} is no dependency: it does not stand before, or is not named by dependsOn.`);
  return value;
}

function list(value: unknown): readonly string[];
function list<T>(value: unknown, each: (item: unknown) => T): readonly T[];
function list(value: unknown, each: (item: unknown) => unknown = String): readonly unknown[] {
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => each(item));
}

function mapping(value: unknown): Mapping {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Mapping;
  throw new Error(`This is no mapping: ${JSON.stringify(value)}`);
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(mapping(value)).map(([name, each]) => [name, String(each)]));
}
