import assert from 'node:assert/strict';
import fc from 'fast-check';
import { marked } from 'marked';
import { markdownText } from '../../src/report/markdown-text.ts';
import { plainText } from '../../src/report/plain-text.ts';
import { hostileText } from './hostile-text.ts';

const render = (markdown: string) => marked.parse(markdown, { async: false });

/** The text between these tags; fails if there is any other tag. */
function textWithin(html: string, before: string, after: string): string {
  const compact = html.replaceAll(/>\s+</g, '><').trim();
  assert.ok(compact.startsWith(before) && compact.endsWith(after), html);
  const inner = compact.slice(before.length, compact.length - after.length);
  assert.ok(!inner.includes('<'), html);
  return oneSpaced(
    inner
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&'),
  );
}

/** HTML shows any run of blanks as one. */
const oneSpaced = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('any text in Markdown comes out as itself', () => {
  const places = [
    { name: 'in a paragraph', markdown: (text: string) => text, before: '<p>', after: '</p>' },
    { name: 'in a list', markdown: (text: string) => `- ${text}`, before: '<ul><li>', after: '</li></ul>' },
    { name: 'in a heading', markdown: (text: string) => `### ${text}`, before: '<h3>', after: '</h3>' },
    {
      name: 'in bold',
      markdown: (text: string) => `a **${text}** b`,
      before: '<p>a <strong>',
      after: '</strong> b</p>',
    },
    {
      name: 'above other text',
      markdown: (text: string) => `${text}\n\nother`,
      before: '<p>',
      after: '</p><p>other</p>',
    },
  ];
  for (const { name, markdown, before, after } of places) {
    it(name, () => {
      fc.assert(
        fc.property(
          hostileText.filter((text) => plainText(text).trim() !== ''),
          (text) => {
            assert.equal(
              textWithin(render(markdown(markdownText(text))), before, after),
              oneSpaced(plainText(text, 200)),
            );
          },
        ),
        { numRuns: 2000 },
      );
    });
  }

  it('in the cells of a table, of which a row keeps its number', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (left, right) => {
        const row = `| ${markdownText(left)} | ${markdownText(right)} | end |`;
        const html = render(`| A | B | C |\n|---|---|---|\n${row}\n`);
        const cells = [...html.matchAll(/<td>(.*?)<\/td>/gs)].map((match) => textWithin(match[0], '<td>', '</td>'));
        assert.deepEqual(cells, [oneSpaced(plainText(left, 200)), oneSpaced(plainText(right, 200)), 'end']);
      }),
      { numRuns: 2000 },
    );
  });

  it('and is cut before it is escaped, so that no escape is cut', () => {
    assert.equal(markdownText('****', 3), '&#42;&#42;…');
  });
});
