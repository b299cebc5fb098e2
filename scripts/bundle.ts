import { build, type Metafile } from 'esbuild';
import { leaveOut } from './left-out.ts';

/**
 * Bundles the task, or the command, with everything it imports into one file. The task's is what an agent downloads for
 * each job.
 *
 * CommonJS for Node.js 20, the older of the two versions that agents bring; it can be read by Node.js 16, so that the task
 * can say there what it needs. Names stay: a stack trace in a user’s log is
 * worth more than what shorter ones would save. They need no keepNames, which costs a call for each function that is made
 * (5 % of a long run). Licences go into ThirdPartyNotices.txt, not into the code.
 */
export async function bundleForNode(entry: string, output: string): Promise<Metafile> {
  const { metafile, warnings } = await build({
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: 'node',
    target: 'node16.20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    plugins: [leaveOut],
  });
  if (warnings.length > 0) throw new Error(`esbuild has ${warnings.length} warnings, see above.`);
  return metafile;
}

/** Bundles a web page's script or style sheet, for browsers as old as Azure DevOps itself supports. */
export async function bundleForBrowser(entry: string, output: string): Promise<Metafile> {
  const { metafile, warnings } = await build({
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: 'browser',
    target: ['chrome120', 'edge120', 'firefox115', 'safari16'],
    format: 'iife',
    minify: true,
    legalComments: 'none',
    metafile: true,
  });
  if (warnings.length > 0) throw new Error(`esbuild has ${warnings.length} warnings, see above.`);
  return metafile;
}
