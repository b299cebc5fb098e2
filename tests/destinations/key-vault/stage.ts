import { secretPlace } from '../../../src/destinations/key-vault/key-vault.ts';
import { openKeyVault } from '../../../src/services/key-vault.ts';
import type { SecretStore } from '../../../src/services/secret-store.ts';
import { ServiceClock } from '../../../src/services/service-clock.ts';
import { accessTokenOf } from '../../services/devops-of-world.ts';
import { companyWith, SERVICE } from '../company.ts';
import type { Stage } from '../conformance.ts';

const host = 'contoso-vault.vault.azure.net';

/** @param change what a planted fault does to the store */
export function vaultStage(change: (store: SecretStore) => SecretStore = (store) => store): Stage {
  const company = companyWith({}, {}, { 'contoso-vault': {} });
  const { world } = company;
  const served = (secret: string) => world.vaults.newest(host, secret)?.value;
  const open = (secret: string) => {
    const { devOps } = company.run();
    const store = openKeyVault({
      ...{ url: `https://${host}`, who: 'the service account', send: devOps.send, pauses: devOps.pauses },
      session: {
        tokenFor: async (scope) => ({
          token: accessTokenOf(world, SERVICE, scope),
          expiresOn: new Date(world.now + 3_600_000),
        }),
      },
      clock: new ServiceClock(() => world.now),
      registerSecret: () => {},
    });
    return secretPlace(change(store), secret);
  };
  return {
    ...company,
    openRun: () => open('Build-feed'),
    openOther: () => open('Other-feed'),
    served: () => served('Build-feed'),
    servedOther: () => served('Other-feed'),
    putByHand: (value) => {
      world.vaults.setSecret(host, company.service, 'Build-feed', { value });
    },
    faultNext: (fault) => company.fault('vault.setSecret', fault, true),
    faultAlways: (fault) => company.fault('vault.setSecret', fault, false),
    writes: () => company.writes().filter((operation) => operation !== 'vault.challenge').length,
    advance: (minutes) => world.advance({ minutes }),
    now: () => world.now,
    rest: () => undefined,
    texts: () => JSON.stringify(world.vaults.newest(host, 'Build-feed')?.tags ?? {}),
  };
}
