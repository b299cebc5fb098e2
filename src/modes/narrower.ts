import type { RunContext } from './run-context.ts';

/** Warns that a PAT of several organizations gets a successor of one. @param who its name, for a sentence */
export function tellOfNarrower(context: RunContext, who: string, organization: string): void {
  const would = context.settings.dryRun ? 'would be ' : '';
  const advice = 'Consumers in other organizations need a PAT of their own.';
  context.warn({
    cause: 'narrower',
    about: who,
    sentence: `${who}: the old PAT is valid in several organizations, its successor ${would}in ${organization} only. ${advice}`,
    ofSeveral: (whom) =>
      `${whom}: the old PATs are valid in several organizations, each successor ${would}in its own only. ${advice}`,
    rank: 1,
  });
}
