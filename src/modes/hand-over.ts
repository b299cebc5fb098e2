import type { Parcel } from '../destinations/port.ts';
import { memberOf } from '../renewal/family.ts';
import type { CreatedPat } from '../services/pat-api.ts';
import { sentenceOf } from '../services/service-error.ts';
import { causeIn, doneEntry, notDelivered, type Replacement, type ReplacementOrder, undo } from './replacement.ts';
import type { RunContext } from './run-context.ts';

/** The value goes to the later steps of the job. Whether they store it is not known here: the *new* marker stays. */
export async function handOver(
  context: RunContext,
  order: ReplacementOrder,
  created: CreatedPat,
  variable: string | undefined,
  checkTime: Parcel['checkTime'],
): Promise<Replacement> {
  if (variable === undefined) throw new Error('an output variable is needed to hand a value over');
  const { pats } = order.item.selected.listing.organization;
  if (context.world.isStopping()) {
    // The later steps of a cancelled job do not run: nobody would store the value.
    return notDelivered(
      order,
      `The job was cancelled before its value was handed over. ${await undo(order, created)}`,
      'cancelled',
    );
  }
  try {
    checkTime();
  } catch (error) {
    return notDelivered(order, `${sentenceOf(error)} ${await undo(order, created)}`, causeIn(error));
  }
  const member = memberOf(created.pat, pats.now());
  try {
    await context.world.variables.set(variable, created.token);
    await context.handedOver.add(created.pat.authorizationId);
  } catch {
    return notDelivered(
      order,
      `Whether the later steps were given the value of the new PAT (${created.pat.authorizationId}) is not certain: it could not be ` +
        `written to the agent. Both it and the PAT in use stay valid, and a later run makes another one.`,
      'not written out',
      { left: member },
    );
  }
  return { kind: 'handed over', member, entry: { ...doneEntry(order, created), destination: variable } };
}
