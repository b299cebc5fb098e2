import type { Slot } from '../../../src/destinations/one-slot/slot.ts';
import { slotPlace } from '../../../src/destinations/one-slot/slot-place.ts';
import { type Group, variableSlot } from '../../../src/destinations/variable-group/variable-group.ts';
import { companyWith } from '../company.ts';
import type { Stage } from '../conformance.ts';

const named = { organization: 'contoso', project: 'Tools', group: 'feeds' };

/** @param change what a planted fault does to the destination */
export function groupStage(change: (slot: Slot<Group>) => Slot<Group> = (slot) => slot): Stage {
  const company = companyWith({
    groups: {
      feeds: {
        variables: { owner: 'team', Secret: { value: 'of others', isSecret: true, isReadOnly: true } },
        sharedWith: ['Web'],
        more: { folder: '\\teams' },
      },
    },
  });
  const { world } = company;
  const group = () => world.groups.named('contoso', 'Tools', 'feeds');
  const value = (variable: string) => world.groups.value('contoso', 'Tools', 'feeds', variable);
  const open = (variable: string) => company.open((devOps) => slotPlace(change(variableSlot(devOps, named, variable))));
  return {
    ...company,
    openRun: () => open('FeedPat'),
    openOther: () => open('OtherPat'),
    served: () => value('FeedPat'),
    servedOther: () => value('OtherPat'),
    putByHand: (text) => {
      world.groups.openPage(group()).save(company.ann, { FeedPat: { value: text, isSecret: true } });
    },
    faultNext: (fault) => company.fault('groups.update', fault, true),
    faultAlways: (fault) => company.fault('groups.update', fault, false),
    writes: () => company.writes().length,
    advance: (minutes) => world.advance({ minutes }),
    now: () => world.now,
    rest: () => {
      const { variables, modifiedBy, modifiedOn, ...rest } = group();
      return [rest, variables.owner, variables.Secret];
    },
    texts: () =>
      JSON.stringify(
        Object.entries(group().variables).map(([name, { value: text, isSecret }]) => [name, isSecret || text]),
      ),
  };
}
