import type { AzureDevOps } from '../../src/services/azure-devops.ts';
import type { SecretStore } from '../../src/services/secret-store.ts';
import { ServiceClock } from '../../src/services/service-clock.ts';
import { now } from '../renewal/examples.ts';

export const notAsked = (): never => {
  throw new Error('nobody is asked');
};

export function storeThatIsNotAsked(name: string): SecretStore {
  return {
    name,
    versions: notAsked,
    newest: notAsked,
    version: notAsked,
    set: notAsked,
    setExpiry: notAsked,
    checkWritable: notAsked,
    disable: notAsked,
    now: () => now,
    tellsTime: () => true,
  };
}

export const devOpsThatIsNotAsked: AzureDevOps = {
  send: notAsked,
  pauses: { sleep: notAsked, random: notAsked, isStopping: () => false },
  clock: new ServiceClock(() => now),
  accessToken: notAsked,
};
