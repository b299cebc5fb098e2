import { variablePlace } from '../../../src/destinations/variable-group/variable-group.ts';
import { describeConformance } from '../conformance.ts';
import { companyWith } from '../one-slot/stage.ts';

const named = { organization: 'contoso', project: 'Tools', group: 'feeds' };

describeConformance('A variable group', () => {
  const company = companyWith({ groups: { feeds: { variables: { owner: 'team' } } } });
  const { world } = company;
  const group = () => world.groups.named('contoso', 'Tools', 'feeds');
  return {
    ...company,
    openRun: () => company.open((devOps) => variablePlace(devOps, named, 'FeedPat')),
    openOther: () => company.open((devOps) => variablePlace(devOps, named, 'OtherPat')),
    served: () => world.groups.value('contoso', 'Tools', 'feeds', 'FeedPat'),
    putByHand: (value) => {
      world.groups.openPage(group()).save(company.ann, { FeedPat: { value, isSecret: true } });
    },
    faultNext: (fault) => company.fault('groups.update', fault, true),
    faultAlways: (fault) => company.fault('groups.update', fault, false),
    writes: () => company.writes().length,
    advance: (minutes) => world.advance({ minutes }),
    now: () => world.now,
    texts: () =>
      JSON.stringify(Object.entries(group().variables).map(([name, { value, isSecret }]) => [name, isSecret || value])),
  };
});
