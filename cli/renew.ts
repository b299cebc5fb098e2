import { renew } from '../src/renew.ts';
import { InputProblems } from '../src/settings/input-reading.ts';
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
  const settings = readSettings(inputsOf(process, asked, password));
  if (settings.mode === 'report' && asked.command === 'renew') {
    throw new InputProblems(['Input mode: "report" is a command of its own: renew-pats report.']);
  }
  if (settings.mode === 'advanced' && !hasPlaceForAll(settings)) {
    throw new InputProblems([
      'Input keyVault: mode advanced needs a place for each value here, because nothing is handed over to later steps. Give a ' +
        'vault, the input variableGroup, or a place in each rule ("name => place").',
    ]);
  }
  const command = asked.own.get('deploy-hook');
  const hook = command === undefined ? undefined : new DeployHook(command, process, screen);
  const surroundings = surroundingsOf(process, asked, screen, settings);
  const report = await renew(settings, { ...surroundings, delivered: hook?.delivered });
  const failedHooks = (await hook?.ended(report)) ?? 0;
  return tellReport(screen, settings, report, { isStrict: asked.own.has('strict'), failedHooks });
}

function hasPlaceForAll({ vault, variableGroup, rules }: Settings): boolean {
  const isGiven = vault !== undefined || variableGroup !== undefined;
  return isGiven || rules.every((rule) => rule.kind === 'exclude' || rule.places.length > 0);
}
