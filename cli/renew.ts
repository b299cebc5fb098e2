import { renew } from '../src/renew.ts';
import { parseRules } from '../src/renewal/rules.ts';
import { defaults, InputProblems } from '../src/settings/input-reading.ts';
import type { InputName, Inputs } from '../src/settings/inputs.ts';
import { readSettings, type Settings } from '../src/settings/settings.ts';
import { DeployHook } from './deploy-hook.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { inputsOf } from './inputs.ts';
import { passwordOf } from './password.ts';
import type { Command, Process } from './process.ts';
import type { Screen } from './screen.ts';
import { surroundingsOf } from './surroundings.ts';
import { tellReport } from './tell-report.ts';

/** `renew-pats renew` and `renew-pats report`. @throws InputProblems */
export async function renewOrReport(process: Process, asked: Command, screen: Screen): Promise<ExitCode> {
  const password = await passwordOf(process, asked, screen);
  if (password === undefined) return exitCodes.interrupted;
  const settings = settingsOf(inputsOf(process, asked, password), asked);
  const command = asked.own.get('deploy-hook');
  const hook = command === undefined ? undefined : new DeployHook(command, process, screen);
  const surroundings = surroundingsOf(process, asked, screen, settings);
  const report = await renew(settings, { ...surroundings, delivered: hook?.delivered });
  const failedHooks = (await hook?.ended(report)) ?? 0;
  return tellReport(screen, settings, report, { isStrict: asked.own.has('strict'), failedHooks });
}

/** @throws InputProblems with all problems at once, those that only a command has too */
function settingsOf(inputs: Inputs, { command }: Command): Settings {
  const problems: string[] = [];
  const mode = inputs.read('mode')?.trim().toLowerCase();
  if (mode === 'report' && command === 'renew') {
    problems.push('Input mode: "report" is a command of its own: renew-pats report.');
  }
  if (mode === 'advanced' && !hasPlaceForAll(inputs)) {
    problems.push(
      'Input keyVault: mode advanced needs a place for each value here, because nothing is handed over to later steps. Give a ' +
        'vault, the input variableGroup, or a place in each rule ("name => place").',
    );
  }
  try {
    const settings = readSettings(inputs);
    if (problems.length === 0) return settings;
  } catch (error) {
    if (!(error instanceof InputProblems)) throw error;
    problems.unshift(...error.problems);
  }
  throw new InputProblems(problems);
}

function hasPlaceForAll({ read }: Inputs): boolean {
  const isGiven = (name: InputName) => (read(name) ?? '').trim() !== '';
  if (isGiven('keyVault') || isGiven('variableGroup')) return true;
  const parsed = parseRules(read('pats') ?? defaults.pats ?? '', () => []);
  // What is wrong with rules is told as that.
  return parsed.kind !== 'rules' || parsed.rules.every((rule) => rule.kind === 'exclude' || rule.places.length > 0);
}
