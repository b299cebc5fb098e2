import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renew } from '../../src/renew.ts';
import { toIso } from '../../src/renewal/instant.ts';
import { attachmentType, reportAttachment, runTag } from '../../src/report/attachment.ts';
import { failureOf, issuesOf } from '../../src/report/issues.ts';
import { reportJson } from '../../src/report/json.ts';
import { problemsMarkdown, summaryMarkdown } from '../../src/report/markdown.ts';
import { nextSteps } from '../../src/report/next-steps.ts';
import { plainLines, plainText } from '../../src/report/plain-text.ts';
import { countsOf, neverBegun, type RunReport, resultOf, type StepResult } from '../../src/report/run-report.ts';
import { logGroups, totals } from '../../src/report/table.ts';
import { createHttp } from '../../src/services/http.ts';
import { sleepUnless } from '../../src/services/sleep.ts';
import { handedOverVariable } from '../../src/settings/handed-over.ts';
import { InputProblems } from '../../src/settings/input-reading.ts';
import type { Inputs } from '../../src/settings/inputs.ts';
import { readSettings, type Settings } from '../../src/settings/settings.ts';
import type { Surroundings } from '../../src/sign-in/connect.ts';
import type { Host } from './host.ts';
import { checkedNetworkSettings } from './network-settings.ts';
import { mayHaveChanged, openPassword } from './password-arrival.ts';
import { isReadOnly } from './read-only-variables.ts';
import { refusedSignInsIn } from './refused-sign-ins.ts';
import { environmentName } from './secrets.ts';
import { readServiceConnection } from './service-connections.ts';

type Task = Host['task'];

/** The whole step. Tells the agent its result, whatever happens. */
export async function main(host: Host): Promise<void> {
  const { task, environment } = host;
  // First of all: the project's page should find the run however it ends. A classic release has no build to tag.
  if (environment.SYSTEM_HOSTTYPE === 'build') task.command('build.addbuildtag', {}, runTag);
  try {
    const settings = withDoubts(readSettings(inputsOf(host)), host);
    const report = await renew(settings, surroundingsOf(host, settings));
    publish(host, settings, report);
    warnOfDoubts(host, settings);
    // Not the library's setResult: it adds an error of its own, and the agent keeps ten.
    complete(task, resultOf(report), failureOf(report) ?? totals(report));
  } catch (error) {
    if (error instanceof InputProblems) {
      publishRefusal(host, error);
      return fail(task, error.message);
    }
    // Not expected: the kind of error and where it arose, never its contents.
    const where = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
    task.debug(plainText(where.join(' '), 2000));
    fail(
      task,
      `The task failed in an unexpected way (${error instanceof Error ? error.name : typeof error}). Run it with System.Debug and report what it says.`,
    );
  }
}

function fail(task: Task, message: string): void {
  task.error(plainLines(message));
  complete(task, 'Failed', message);
}

function complete(task: Task, result: StepResult, message: string): void {
  task.command('task.complete', { result }, plainLines(message));
}

function inputsOf({ task, environment, secrets, registerSecret }: Host): Inputs {
  return {
    read: (name) => (name === 'password' ? (secrets.get('INPUT_PASSWORD') ?? '') : (task.getInput(name) ?? '')),
    variable: (name) => {
      const key = environmentName(name);
      const secret = secrets.get(`SECRET_${key}`);
      const value = secret ?? environment[key];
      if (name.toLowerCase() === 'sa_password' && value !== undefined) registerSecret(value);
      return value;
    },
    serviceConnection: (id) => readServiceConnection(id, secrets, environment),
  };
}

/** Only the agent's environment tells whether the password is kept secret. */
function withDoubts(settings: Settings, { variables }: Host): Settings {
  const { signIn, doubts } = settings;
  return signIn.kind === 'password'
    ? { ...settings, doubts: [...doubts, ...openPassword(signIn.password, variables)] }
    : settings;
}

/** A warning issue, and a note in summary and report. Nothing fails by it, so the result stays as it is. */
function warnOfDoubts({ task }: Host, { doubts }: Settings): void {
  for (const doubt of doubts) task.warning(plainText(doubt, 2000));
}

function surroundingsOf(host: Host, { concurrency }: Settings): Surroundings {
  const { task, environment, secrets, variables, registerSecret, stopping, flushed } = host;
  const sleep = sleepUnless(stopping);
  const elapsed = () => performance.now();
  const network = host.openNetwork(checkedNetworkSettings(environment, secrets));
  const isStopping = () => stopping.aborted;
  const send = createHttp({
    network,
    concurrency,
    sleep,
    now: elapsed,
    stopping,
    trace: ({ method, host, path, result, milliseconds }) =>
      task.debug(plainText(`${method} ${host}${path} -> ${result} (${milliseconds} ms)`)),
  });
  return {
    send,
    pauses: { sleep, random: Math.random, isStopping },
    // Not Date.now: a clock that is set during the run would move the services' time with it.
    now: () => Math.floor(performance.timeOrigin + performance.now()),
    elapsed,
    wall: Date.now,
    isStopping,
    registerSecret,
    refusedSignIns: refusedSignInsIn(temporaryFolder(environment), environment.SYSTEM_PLANID ?? ''),
    passwordDoubts: (password) => mayHaveChanged(password, variables),
    progress: progressOf(task),
    variables: {
      set: async (name, value) => {
        task.command('task.setvariable', { variable: name, isSecret: 'true', isOutput: 'true' }, value);
        await flushed();
      },
      handOver: async (authorizationIds) => {
        task.command('task.setvariable', { variable: handedOverVariable }, authorizationIds.join(','));
        // What nobody reads any more was not handed over: then this fails.
        await flushed();
      },
      isReadOnly: (name) => isReadOnly(name, environment, secrets),
    },
  };
}

/** Says so only when the percentage changes: each saying is a request of the agent. */
function progressOf(task: Task): Surroundings['progress'] {
  let told = -1;
  return (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (percent === told) return;
    told = percent;
    task.setProgress(percent, `${done} of ${total}`);
  };
}

function publish(host: Host, settings: Settings, report: RunReport): void {
  tell(host, settings, report);
  const id = randomUUID();
  setOutputs(host, report, id);
  attach(host, settings, report, { id, folder: join(temporaryFolder(host.environment), `renew-pats-${id}`) });
}

/** Of inputs that were refused there is a report too: whoever reads the runs sees what was wrong with this one. */
function publishRefusal(host: Host, { message, problems }: InputProblems): void {
  const id = randomUUID();
  const folder = join(temporaryFolder(host.environment), `renew-pats-${id}`);
  const report = neverBegun(message, Date.now());
  setOutputs(host, report, id);
  uploadSummary(host.task, folder, 'Renew PATs.md', problemsMarkdown(problems));
  attachReport(host, report, { warnDays: 14 }, { id, folder });
}

/** Whatever came of the run: a later step's condition reads them in a failed job, too. */
function setOutputs({ task, environment }: Host, report: RunReport, id: string): void {
  const counts = countsOf(report);
  const outputs: Readonly<Record<string, string>> = {
    renewedCount: String(counts.renewed),
    revokedCount: String(counts.revoked),
    skippedCount: String(counts.skipped),
    failedCount: String(counts.failed),
    nextExpiry: report.nextExpiry === undefined ? '' : toIso(report.nextExpiry),
    reportPath: writeReport(temporaryFolder(environment), id, reportJson(report)),
  };
  for (const [name, value] of Object.entries(outputs)) task.setVariable(name, value, false, true);
}

function writeReport(folder: string, id: string, text: string): string {
  const path = join(folder, `renew-pats-${id}.json`);
  writeFileSync(path, text);
  return path;
}

/** The log: a group for each organization, the total, what comes next; then what a person should look at. */
function tell({ task, print }: Host, settings: Settings, report: RunReport): void {
  for (const group of logGroups(report, settings.warnDays)) {
    print(`##[group]${group.title}`);
    for (const { text } of group.lines) print(text);
    print('##[endgroup]');
  }
  print(totals(report));
  for (const step of nextSteps(report, settings, (name) => `"${plainText(name, 60)}"`)) print(`Next: ${step}`);
  const notices = report.notices.filter((notice) => !settings.doubts.includes(notice));
  for (const notice of notices) print(`Note: ${plainText(notice, 2000)}`);
  const { errors, warnings } = issuesOf(report);
  for (const warning of warnings) task.warning(plainText(warning, 2000));
  for (const error of errors) task.error(plainLines(error));
}

/** The summary on the run's page, and the data of the results tab. */
function attach(host: Host, settings: Settings, report: RunReport, place: { id: string; folder: string }): void {
  uploadSummary(host.task, place.folder, `Renew PATs (${settings.mode}).md`, summaryMarkdown(report, settings));
  const { warnDays, policy } = settings;
  attachReport(host, report, { warnDays, renewBeforeDays: policy.renewBeforeDays }, place);
}

function attachReport(
  { task, environment }: Host,
  report: RunReport,
  horizon: { readonly warnDays: number; readonly renewBeforeDays?: number | undefined },
  place: { id: string; folder: string },
): void {
  const attachmentPath = join(place.folder, 'attachment.json');
  const { SYSTEM_JOBDISPLAYNAME: job, SYSTEM_TASKDISPLAYNAME: name, SYSTEM_JOBIDENTIFIER: jobIdentifier } = environment;
  const joined = (parts: readonly (string | undefined)[]) =>
    parts.filter((part) => part !== undefined && part !== '').join(' / ');
  const attachment = reportAttachment(report, {
    ...horizon,
    source: joined([job, name]),
    step: joined([jobIdentifier ?? job, environment.SYSTEM_TASKINSTANCEID ?? name]),
  });
  writeFileSync(attachmentPath, attachment);
  task.addAttachment(attachmentType, `renew-pats-${place.id}.json`, attachmentPath);
}

/** @param title the page shows the file's name as the title */
function uploadSummary(task: Task, folder: string, title: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, title);
  writeFileSync(path, text);
  task.uploadSummary(path);
}

function temporaryFolder(environment: NodeJS.ProcessEnv): string {
  const given = environment.AGENT_TEMPDIRECTORY ?? '';
  return given === '' ? tmpdir() : given;
}
