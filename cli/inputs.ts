import type { InputName, Inputs } from '../src/settings/inputs.ts';
import { azureIdentity } from './azure-identity.ts';
import { variableOf } from './options.ts';
import type { Command, Process } from './process.ts';

/** A flag wins over a variable. */
export function readInput(process: Pick<Process, 'environment'>, asked: Command, name: InputName): string | undefined {
  const text = asked.inputs.get(name) ?? process.environment[variableOf(name)];
  return name === 'signIn' && text?.toLowerCase() === 'refresh-token' ? 'refreshToken' : text;
}

export function inputsOf(process: Pick<Process, 'environment'>, asked: Command, password: string): Inputs {
  return {
    read: (name) => {
      if (name === 'password') return password;
      if (name === 'mode' && asked.command === 'report') return 'report';
      // Nothing is handed over to later steps, whatever the environment says: there are none.
      if (name === 'setOutputVariables' || name === 'handedOver') return undefined;
      return readInput(process, asked, name);
    },
    variable: undefined,
    serviceConnection: (kind) => azureIdentity(kind, process.environment),
  };
}
