import type { ServiceConnection } from '../services/service-connection.ts';

/** The task's inputs, by the names of task.json. */
export type InputName =
  | 'mode'
  | 'organization'
  | 'signIn'
  | 'username'
  | 'password'
  | 'tenantId'
  | 'clientId'
  | 'refreshTokenSecret'
  | 'lifetimeDays'
  | 'renewBeforeDays'
  | 'revokeAfterHours'
  | 'pats'
  | 'allOrgs'
  | 'includeExpired'
  | 'keyVault'
  | 'azureSubscription'
  | 'variableGroup'
  | 'takeOver'
  | 'handedOver'
  | 'secretName'
  | 'setOutputVariables'
  | 'warnDays'
  | 'failDays'
  | 'dryRun'
  | 'concurrency'
  | 'authorityHost';

/** Where settings come from: a pipeline's inputs, or a command's flags and environment. */
export interface Inputs {
  /** The text as given; undefined if it was not. An agent gives the default of task.json for what a step leaves out. */
  readonly read: (name: InputName) => string | undefined;
  /**
   * A variable of the pipeline, for inputs whose default is one. Undefined where there is no pipeline: `$(name)` is
   * nothing special there.
   */
  readonly variable: ((name: string) => string | undefined) | undefined;
  /** The connection with that id, or a sentence that says what is wrong with it. */
  readonly serviceConnection: (id: string) => ServiceConnection | string;
}
