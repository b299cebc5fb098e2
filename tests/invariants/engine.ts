/** The product's code as the invariants exercise it; `planted.ts` bundles this file so that faults can be planted in it. */

export { openPlaces } from '../../src/destinations/registry.ts';
export { run } from '../../src/run.ts';
export { provePat, readAccountId } from '../../src/services/connection-data.ts';
export { createPatApi } from '../../src/services/pat-api.ts';
export { retrying } from '../../src/services/retry.ts';
export { ServiceClock } from '../../src/services/service-clock.ts';
export { ServiceError } from '../../src/services/service-error.ts';
