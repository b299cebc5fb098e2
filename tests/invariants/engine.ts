/** The product's code as the invariants exercise it; the mutation tests bundle this file with a mutation planted. */

export { openPlaces } from '../../src/destinations/registry.ts';
export { reportJson } from '../../src/report/json.ts';
export { summaryMarkdown } from '../../src/report/markdown.ts';
export { run } from '../../src/run.ts';
export { provePat, readAccountId } from '../../src/services/connection-data.ts';
export { createPatApi } from '../../src/services/pat-api.ts';
export { retrying } from '../../src/services/retry.ts';
export { ServiceClock } from '../../src/services/service-clock.ts';
export { ServiceError } from '../../src/services/service-error.ts';
