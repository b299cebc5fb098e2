import { setFlagsFromString } from 'node:v8';

/**
 * A run with 10,000 PATs has some 50 MB in use, and V8 would let garbage pile up to 200 MB more before it looks. Agents
 * are small machines that share their memory with a job: so garbage is collected sooner, for a little more processor time
 * (docs/performance.md). Both flags only say how far the heap may grow until then, and are read anew each time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
