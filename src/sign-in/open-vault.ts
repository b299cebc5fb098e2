import type { UserSession } from '../services/entra.ts';
import type { SecretStore } from '../services/secret-store.ts';
import { ServiceClock } from '../services/service-clock.ts';
import { describeConnection, openServiceConnection, type ServiceConnection } from '../services/service-connection.ts';
import type { EntraOptions } from '../services/token-endpoint.ts';

export interface VaultSurroundings extends EntraOptions {
  /** Milliseconds since 1970, by the agent's clock: used until the vault has told its own. */
  readonly now: () => number;
}

/** Opens a vault as a service connection. */
export function openVaultAs(
  surroundings: VaultSurroundings,
  url: string,
  connection: ServiceConnection,
  authorityHost: string,
): Promise<SecretStore> {
  const session = openServiceConnection(surroundings, connection, authorityHost);
  return openVaultWith(surroundings, url, session, describeConnection(connection));
}

/** @param who opens it, for the sentences */
export async function openVaultWith(
  surroundings: VaultSurroundings,
  url: string,
  session: UserSession,
  who: string,
): Promise<SecretStore> {
  const { send, pauses, registerSecret } = surroundings;
  // Loaded only when a vault is used: simple mode without one starts faster.
  const { openKeyVault } = await import('../services/key-vault.ts');
  return openKeyVault({ url, session, who, send, pauses, clock: new ServiceClock(surroundings.now), registerSecret });
}
