import type { SecretStore } from '../../services/secret-store.ts';
import { ServiceError } from '../../services/service-error.ts';
import { logOf, type Versions } from './versions.ts';

/** No more values are read than a person would look at. */
const comparedAtMost = 10;

/**
 * How often somebody has put this value back on top of the task's deliveries, this time included; 0: it is no old one, by
 * all that can still be read.
 * @param versions the newest holds the value, and is not the task's
 */
export async function timesPutBack(
  store: SecretStore,
  secret: string,
  versions: Versions,
  value: string,
): Promise<number> {
  const log = logOf(versions);
  const firstDelivery = log.findIndex(({ isProven }) => isProven);
  if (firstDelivery < 0) return 0;
  const earlier = log.slice(0, -1).filter(({ isServed }) => isServed);
  let holders = 0;
  let putBack = 1;
  for (const entry of earlier.slice(-comparedAtMost)) {
    if ((await readValue(store, secret, entry.key)) !== value.trim()) continue;
    holders++;
    if (!entry.isProven && log.indexOf(entry) > firstDelivery) putBack++;
  }
  return holders === 0 ? 0 : putBack;
}

/** Undefined where it cannot be read: what is told of it is a warning, and decides nothing. */
async function readValue(store: SecretStore, secret: string, id: string): Promise<string | undefined> {
  try {
    const read = await store.version(secret, id);
    return read.kind === 'read' ? read.value.trim() : undefined;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
