import assert from 'node:assert/strict';
import type { ServiceConnection } from '../../src/services/service-connection.ts';
import { InputProblems } from '../../src/settings/input-reading.ts';
import type { InputName, Inputs } from '../../src/settings/inputs.ts';
import { readSettings, type Settings } from '../../src/settings/settings.ts';

export const connection: ServiceConnection = {
  id: 'azure',
  name: 'azure',
  tenantId: '11111111-2222-3333-4444-555555555555',
  clientId: '66666666-7777-8888-9999-000000000000',
  subscription: undefined,
  authorityHost: undefined,
  vaultSuffix: undefined,
  proof: { kind: 'managed identity' },
};

/** A pipeline with everything that the defaults need. */
export const variables: Readonly<Record<string, string>> = {
  'System.CollectionUri': 'https://dev.azure.com/contoso/',
  sa_username: 'svc-pats@contoso.com',
  sa_password: 'correct horse',
  tenantid: 'contoso.onmicrosoft.com',
};

export interface Pipeline {
  readonly inputs?: Readonly<Partial<Record<InputName, string>>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly connection?: ServiceConnection | string;
}

function inputsOf(pipeline: Pipeline): Inputs {
  const given = pipeline.variables ?? variables;
  return {
    read: (name) => pipeline.inputs?.[name],
    variable: (name) => given[name],
    serviceConnection: () => pipeline.connection ?? connection,
  };
}

/** What these inputs mean in that pipeline. */
export function settingsOf(inputs: Pipeline['inputs'], rest: Omit<Pipeline, 'inputs'> = {}): Settings {
  return readSettings(inputsOf({ ...rest, ...(inputs === undefined ? {} : { inputs }) }));
}

/** What is wrong with these inputs; empty if nothing is. */
export function problemsOf(inputs: Pipeline['inputs'], rest: Omit<Pipeline, 'inputs'> = {}): readonly string[] {
  try {
    settingsOf(inputs, rest);
    return [];
  } catch (error) {
    assert.ok(error instanceof InputProblems);
    return error.problems;
  }
}
