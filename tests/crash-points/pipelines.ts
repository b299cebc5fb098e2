import type { TaskInputs } from '../blackbox/situation.ts';
import type { Destination } from './consumers.ts';

/** A step of a pipeline: the task, or the script after it that stores what it was handed. */
export type Step = TaskInputs | 'store the value';

/** A pipeline, told by its runs; a run ends with the first step that fails. */
export interface Pipeline {
  readonly title: string;
  readonly destination: Destination;
  /** The runs before it: they leave a superseded PAT behind. */
  readonly before: readonly (readonly Step[])[];
  /** The first step of these is what dies. */
  readonly dying: readonly Step[];
  /** What the undisturbed step does to the services: nothing that could be interrupted is left out. */
  readonly does: readonly string[];
  /** The runs after it. */
  readonly after: readonly (readonly Step[])[];
}

const toVault = { mode: 'advanced', keyVault: 'contoso-vault' };
const toVariable = { mode: 'advanced' };
const notDue = { renewBeforeDays: '10' };
const atOnce = { revokeAfterHours: '0' };
const store = 'store the value';
const revoke = { mode: 'revoke' };
const revokeFromVault = { ...toVault, mode: 'revoke' };
const extend = { ...toVault, mode: 'simple' };

export const pipelines: readonly Pipeline[] = [
  {
    title: 'advanced, into a vault, with a grace period',
    destination: 'vault',
    before: [[toVault], [toVault]],
    dying: [toVault],
    does: ['pats.create', 'vault.setSecret', 'pats.revoke', 'vault.updateVersion'],
    after: [[toVault], [{ ...toVault, ...notDue }]],
  },
  {
    title: 'advanced, into a vault, without a grace period',
    destination: 'vault',
    before: [[toVault], [toVault]],
    dying: [{ ...toVault, ...atOnce }],
    does: [
      'pats.create',
      'vault.setSecret',
      'pats.revoke',
      'pats.revoke',
      'vault.updateVersion',
      'vault.updateVersion',
      'vault.updateVersion',
    ],
    after: [[{ ...toVault, ...atOnce }], [{ ...toVault, ...atOnce, ...notDue }]],
  },
  {
    title: 'advanced, into an output variable, with a grace period',
    destination: 'variable',
    before: [[toVariable, store]],
    dying: [toVariable, store],
    does: ['pats.create', 'pats.update', 'pats.update'],
    after: [
      [toVariable, store, revoke],
      [{ ...toVariable, ...notDue }, store, revoke],
    ],
  },
  {
    title: 'advanced, into an output variable, without a grace period',
    destination: 'variable',
    before: [[toVariable, store]],
    dying: [{ ...toVariable, ...atOnce }],
    does: ['pats.create', 'pats.update', 'pats.revoke', 'pats.revoke'],
    after: [[{ ...toVariable, ...atOnce }], [{ ...toVariable, ...atOnce, ...notDue }]],
  },
  {
    title: 'simple, with a vault',
    destination: 'vault',
    before: [[toVault], [toVault]],
    dying: [extend],
    does: ['pats.update', 'vault.updateVersion'],
    after: [[extend], [revokeFromVault]],
  },
  {
    title: 'revoke, from a vault',
    destination: 'vault',
    before: [[toVault], [toVault]],
    dying: [revokeFromVault],
    does: ['pats.revoke', 'vault.updateVersion', 'vault.updateVersion'],
    after: [[revokeFromVault], [revokeFromVault]],
  },
  {
    title: 'revoke, by names',
    destination: 'variable',
    before: [[toVariable, store]],
    dying: [revoke],
    does: ['pats.revoke'],
    after: [[revoke], [revoke]],
  },
];
