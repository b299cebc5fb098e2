import { readDescription } from '../../../src/destinations/one-slot/record-in-line.ts';
import type { Slot } from '../../../src/destinations/one-slot/slot.ts';
import { slotPlace } from '../../../src/destinations/one-slot/slot-place.ts';
import { type Connection, connectionSlot } from '../../../src/destinations/service-connection/service-connection.ts';
import { companyWith } from '../company.ts';
import type { Stage } from '../conformance.ts';

const named = { organization: 'contoso', project: 'Tools', name: 'feed' };

/** @param change what a planted fault does to the destination */
export function connectionStage(change: (slot: Slot<Connection>) => Slot<Connection> = (slot) => slot): Stage {
  const company = companyWith({
    connections: {
      feed: {
        description: 'of the team',
        scheme: 'UsernamePassword',
        parameters: { username: 'svc', password: 'old' },
        data: { wiki: 'yes' },
        sharedWith: ['Web'],
        more: { serviceManagementReference: 'tree' },
      },
      other: {},
    },
  });
  const { world } = company;
  const endpoint = () => world.endpoints.named('contoso', 'Tools', 'feed');
  const open = (name: string) =>
    company.open((devOps) => slotPlace(change(connectionSlot(devOps, { ...named, name }))));
  return {
    ...company,
    openRun: () => open('feed'),
    openOther: () => open('other'),
    served: () => world.endpoints.value('contoso', 'Tools', 'feed'),
    servedOther: () => world.endpoints.value('contoso', 'Tools', 'other'),
    putByHand: (text) => {
      world.endpoints.openPage(endpoint(), 'Tools').save(company.ann, { secret: text });
    },
    faultNext: (fault) => company.fault('endpoints.update', fault, true),
    faultAlways: (fault) => company.fault('endpoints.update', fault, false),
    writes: () => company.writes().length,
    advance: (minutes) => world.advance({ minutes }),
    now: () => world.now,
    rest: () => {
      const { parameters, references, modifiedBy, modificationDate, readyFrom, ...rest } = endpoint();
      const described = references.map(({ description, ...each }) => [each, readDescription(description).personal]);
      return [rest, parameters.username, described];
    },
    texts: () => JSON.stringify([endpoint().references, endpoint().data]),
  };
}
