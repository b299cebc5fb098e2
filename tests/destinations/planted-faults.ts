import assert from 'node:assert/strict';
import { type Outcome, ServiceError } from '../../src/services/service-error.ts';
import { conformanceOf, type Stage } from './conformance.ts';

/** Plants each fault in a destination: a promise of the port must be broken by it. */
export function describePlantedFaults<Part>(
  name: string,
  faults: Readonly<Record<string, (part: Part) => Part>>,
  open: (change: (part: Part) => Part) => Stage,
): void {
  describe(`The promises of the port catch ${name} that`, () => {
    for (const [fault, plant] of Object.entries(faults)) {
      it(fault, async () => {
        for (const { check } of conformanceOf(() => open(plant))) {
          const isKept = await check().then(
            () => true,
            () => false,
          );
          if (!isKept) return;
        }
        assert.fail('no promise was broken');
      });
    }
  });
}

/** Whatever fails is told with this outcome. */
export async function withOutcome<Result>(outcome: Outcome, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ServiceError ? error.withOutcome(outcome) : error;
  }
}
