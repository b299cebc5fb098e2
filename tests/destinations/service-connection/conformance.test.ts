import { connectionPlace } from '../../../src/destinations/service-connection/service-connection.ts';
import { describeConformance } from '../conformance.ts';
import { companyWith } from '../one-slot/stage.ts';

const named = { organization: 'contoso', project: 'Tools', name: 'feed' };

describeConformance('A service connection', () => {
  const company = companyWith({ connections: { feed: { description: 'of the team' }, other: {} } });
  const { world } = company;
  const endpoint = () => world.endpoints.named('contoso', 'Tools', 'feed');
  return {
    ...company,
    openRun: () => company.open((devOps) => connectionPlace(devOps, named)),
    openOther: () => company.open((devOps) => connectionPlace(devOps, { ...named, name: 'other' })),
    served: () => world.endpoints.value('contoso', 'Tools', 'feed'),
    putByHand: (value) => {
      world.endpoints.openPage(endpoint(), 'Tools').save(company.ann, { secret: value });
    },
    faultNext: (fault) => company.fault('endpoints.update', fault, true),
    faultAlways: (fault) => company.fault('endpoints.update', fault, false),
    writes: () => company.writes().length,
    advance: (minutes) => world.advance({ minutes }),
    now: () => world.now,
    texts: () => JSON.stringify(endpoint().references),
  };
});
