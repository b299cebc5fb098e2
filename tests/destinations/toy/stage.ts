import { ServiceError } from '../../../src/services/service-error.ts';
import { companyWith } from '../company.ts';
import type { Stage, WriteFault } from '../conformance.ts';
import { type Box, BoxInMemory } from './box.ts';
import { drawerPlace } from './destination.ts';

/** @param change what a planted fault does to the box */
export function toyStage(change: (box: Box) => Box = (box) => box): Stage {
  const company = companyWith({});
  const { world } = company;
  const box = new BoxInMemory(() => world.now);
  const faults: { next: WriteFault | undefined; always: WriteFault | undefined } = {
    next: undefined,
    always: undefined,
  };
  let byHand = 0;
  let asked = 0;
  const faulty: Box = {
    ...box,
    put: async (drawer, entry) => {
      asked++;
      const fault = faults.next ?? faults.always;
      faults.next = undefined;
      if (fault === undefined || fault === 'answer lost' || fault === 'error, done') await box.put(drawer, entry);
      if (fault !== undefined) throw failure(fault);
    },
  };
  const open = (name: string) => drawerPlace(change(faulty), name, company.run().devOps.pauses);
  return {
    ...company,
    openRun: () => open('Build-feed'),
    openOther: () => open('Other-feed'),
    served: () => box.served('Build-feed')?.value,
    servedOther: () => box.served('Other-feed')?.value,
    putByHand: (value) => {
      void box.put('Build-feed', { key: `by hand ${byHand++}`, value, claim: undefined, end: undefined });
    },
    faultNext: (fault) => {
      faults.next = fault;
    },
    faultAlways: (fault) => {
      faults.always = fault;
    },
    writes: () => asked,
    advance: (minutes) => world.advance({ minutes }),
    now: () => world.now,
    rest: () => undefined,
    texts: () => JSON.stringify(box.served('Build-feed')?.claim ?? {}),
  };
}

function failure(fault: WriteFault): ServiceError {
  return fault === 'refused'
    ? new ServiceError('The box is locked.', { outcome: 'refused', status: 403, code: 'Locked' })
    : new ServiceError(`The box failed (${fault}).`, { outcome: 'unknown', transient: true });
}
