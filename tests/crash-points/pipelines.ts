import type { TaskInputs } from '../blackbox/situation.ts';
import type { Place } from './consumers.ts';

/** A step of a pipeline: the task, or the script after it that stores what it was handed. */
export type Step = TaskInputs | 'store the value';

/** A pipeline, told by its jobs; a job ends with the first step that fails. */
export interface Pipeline {
  readonly title: string;
  readonly places: readonly Place[];
  /** The jobs before it: they leave a superseded PAT behind. */
  readonly before: readonly (readonly Step[])[];
  /** The job of which a step dies. */
  readonly dying: readonly Step[];
  /** Which of its steps. */
  readonly dies: number;
  /** What the undisturbed step does to the services: nothing that could be interrupted is left out. */
  readonly does: readonly string[];
  /** The jobs after it. */
  readonly after: readonly (readonly Step[])[];
}

const toVault = { mode: 'advanced', keyVault: 'contoso-vault' };
const toGroup = { mode: 'advanced', variableGroup: 'Tools/feeds' };
const toBoth = { ...toVault, ...toGroup };
const handOver = { mode: 'advanced' };
const notDue = { renewBeforeDays: '10' };
const atOnce = { revokeAfterHours: '0' };
const store = 'store the value' as const;
const revoke = { mode: 'revoke' };
const revokeFromVault = { ...toVault, mode: 'revoke' };
const extend = { ...toVault, mode: 'simple' };
const job: readonly Step[] = [handOver, store, revoke];
const idleJob: readonly Step[] = [{ ...handOver, ...notDue }, store, revoke];

export const pipelines: readonly Pipeline[] = [
  {
    title: 'advanced, into a vault, with a grace period',
    places: ['vault'],
    before: [[toVault], [toVault]],
    dying: [toVault],
    dies: 0,
    does: ['pats.create', 'vault.setSecret', 'pats.revoke', 'vault.updateVersion'],
    after: [[toVault], [{ ...toVault, ...notDue }]],
  },
  {
    title: 'advanced, into a vault, without a grace period',
    places: ['vault'],
    before: [[toVault], [toVault]],
    dying: [{ ...toVault, ...atOnce }],
    dies: 0,
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
    title: 'advanced, handing over',
    places: ['handed over'],
    before: [job],
    dying: job,
    dies: 0,
    does: ['pats.create'],
    after: [job, idleJob],
  },
  {
    title: 'revoke, confirming what was handed over and stored',
    places: ['handed over'],
    before: [job],
    dying: job,
    dies: 2,
    does: ['pats.update', 'pats.update', 'pats.revoke'],
    after: [job, idleJob],
  },
  {
    title: 'revoke, confirming without a grace period',
    places: ['handed over'],
    before: [job],
    dying: [handOver, store, { ...revoke, ...atOnce }],
    dies: 2,
    does: ['pats.update', 'pats.revoke', 'pats.revoke'],
    after: [
      [handOver, store, { ...revoke, ...atOnce }],
      [{ ...handOver, ...notDue }, store, { ...revoke, ...atOnce }],
    ],
  },
  {
    title: 'advanced, into a variable group',
    places: ['group'],
    before: [[toGroup], [toGroup]],
    dying: [toGroup],
    dies: 0,
    does: ['pats.create', 'groups.update', 'pats.revoke'],
    after: [[toGroup], [{ ...toGroup, ...notDue }]],
  },
  {
    title: 'advanced, into a vault and a variable group that follows it',
    places: ['vault', 'group'],
    before: [[toBoth], [toBoth]],
    dying: [toBoth],
    dies: 0,
    does: ['pats.create', 'vault.setSecret', 'groups.update', 'pats.revoke', 'vault.updateVersion'],
    after: [[toBoth], [{ ...toBoth, ...notDue }]],
  },
  {
    title: 'simple, with a vault',
    places: ['vault'],
    before: [[toVault], [toVault]],
    dying: [extend],
    dies: 0,
    does: ['pats.update', 'vault.updateVersion'],
    after: [[extend], [revokeFromVault]],
  },
  {
    title: 'revoke, from a vault',
    places: ['vault'],
    before: [[toVault], [toVault]],
    dying: [revokeFromVault],
    dies: 0,
    does: ['pats.revoke', 'vault.updateVersion', 'vault.updateVersion'],
    after: [[revokeFromVault], [revokeFromVault]],
  },
];
