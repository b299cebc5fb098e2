import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from './pages.ts';

describe('A link', () => {
  for (const page of pages()) {
    const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    for (const target of new Set(targets.filter((each) => !/^(?:https?|mailto):/.test(each)))) {
      it(`in ${page} leads somewhere: ${target}`, () => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : join(dirname(page), path);
        assert.ok(existsSync(file), file);
        if (anchor !== undefined) assert.ok(anchors(file).has(anchor), `${file} has no heading for #${anchor}`);
      });
    }
  }

  it('of the Marketplace page leads out of the package: files beside it do not come along', () => {
    const text = readFileSync('overview.md', 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) assert.match(target, /^(?:https:|images\/|#)/);
  });
});

/** As GitHub makes them of headings. */
function anchors(file: string): ReadonlySet<string> {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}
