import { inCompany } from './cloud.ts';
import { interleaved } from './interleaved.ts';
import type { Programs } from './programs.ts';
import { runProgram } from './run-program.ts';
import { milliseconds, type Section, target, times } from './section.ts';

/** The whole process for one PAT in *simple*, from its start to its end. */
export function benchStart(programs: Programs, rounds: number): Promise<Section> {
  return inCompany({ pats: 1 }, async (simulator) => {
    const run = (program: string) => () => runProgram({ arguments: [program], simulator });
    const results = await interleaved(rounds, {
      '`node -e 0`': () => runProgram({ arguments: ['-e', '0'] }),
      'the same requests by hand, without any package': run(programs.byHand),
      'the packaged task': run(programs.task),
      'the packaged task, with a CA file of the agent’s': () =>
        runProgram({ arguments: [programs.task], simulator, trust: 'AGENT_CAINFO' }),
      'the same sources unbundled': run(programs.unbundled),
    });
    const base = results['`node -e 0`'];
    const byHand = results['the same requests by hand, without any package'];
    return {
      title: 'Start',
      text:
        'One PAT in *simple*, the simulator without any delay; the whole process, four requests to two hosts over TLS and through ' +
        'a proxy included. By hand is what no program on Node.js that sends these requests gets below.',
      head: ['', 'wall time', 'over `node -e 0`', 'over by hand', 'processor time', 'target'],
      rows: Object.entries(results).map(([name, { wallMs, cpuMs }]) => [
        name,
        milliseconds(wallMs),
        times(wallMs / base.wallMs),
        times(wallMs / byHand.wallMs),
        milliseconds(cpuMs),
        name === 'the packaged task' ? target(wallMs / base.wallMs, 2.5) : '',
      ]),
    };
  });
}
