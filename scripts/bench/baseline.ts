import { inCompany, vaultName } from './cloud.ts';
import { interleaved } from './interleaved.ts';
import type { Programs } from './programs.ts';
import { type Measured, runProgram } from './run-program.ts';
import { type Section, seconds, times } from './section.ts';

const answerAfter = 10;

/** What people do today, with the published article’s procedure, and what the task does. */
export async function benchBaseline(programs: Programs, rounds: number): Promise<Section> {
  const sizes = [10, 100, 1000];
  const things: Record<string, () => Promise<Measured>> = {};
  for (const pats of sizes) {
    const run = (program: string, inputs: Readonly<Record<string, string>>) => () =>
      inCompany({ pats, answerAfter }, (simulator) => runProgram({ arguments: [program], simulator, inputs }));
    things[`article ${pats}`] = run(programs.article, {});
    things[`simple ${pats}`] = run(programs.task, { mode: 'simple' });
    things[`advanced ${pats}`] = run(programs.task, { mode: 'advanced', keyVault: vaultName });
  }
  const results = await interleaved(rounds, things);
  return {
    title: 'Against what people use today',
    text:
      'The published article’s procedure (`scripts/bench/article.ts`): sign in, list, then for each PAT revoke it and make a ' +
      'new one, one after another. It stores nothing, proves nothing and loses a PAT if it stops in between; and it is ' +
      'spared the installation of a PowerShell module that it begins with. Each answer after 10 ms; the ratio is the article’s ' +
      'time over ours.',
    head: ['PATs', 'the article', 'ours: simple', 'ratio', 'ours: advanced with a vault', 'ratio'],
    rows: sizes.map((pats) => {
      const wall = (name: string) => results[`${name} ${pats}`]?.wallMs ?? Number.NaN;
      const article = wall('article');
      return [
        pats.toLocaleString('en'),
        seconds(article),
        seconds(wall('simple')),
        times(article / wall('simple')),
        seconds(wall('advanced')),
        times(article / wall('advanced')),
      ];
    }),
  };
}
