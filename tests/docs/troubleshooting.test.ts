import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

describe('The troubleshooting page', () => {
  const text = readFileSync('docs/troubleshooting.md', 'utf8');
  const code = [...sources('src'), ...sources('tasks/RenewPats'), ...sources('tab'), ...sources('hub')]
    .map((file) => joined(readFileSync(file, 'utf8')))
    .join('\n');

  for (const [, quote = ''] of text.matchAll(/^> (.+)$/gm)) {
    it(`quotes the code: ${quote.slice(0, 80)}`, () => {
      for (const part of quote.split('…').map((piece) => piece.trim())) {
        // What is left of a sentence between two names may be a word or a bracket.
        if (part.length >= 8) assert.ok(code.includes(part), `not in the code: ${part}`);
      }
    });
  }

  it('has every code of Entra ID that the task knows', () => {
    const known = readFileSync('src/services/entra-errors.ts', 'utf8').matchAll(/^ {2}(\d+):/gm);
    for (const [, number] of known) assert.ok(text.includes(`**AADSTS${number}**`), `AADSTS${number}`);
  });

  it('has every refusal of the PAT API that the task knows', () => {
    const known = readFileSync('src/services/azure-devops.ts', 'utf8').matchAll(/^ {2}(\w+):(?: '|$)/gm);
    for (const [, name] of known) assert.ok(text.includes(`**${name}**`), name);
  });

  it('has every refusal of Key Vault that the task knows', () => {
    const known = readFileSync('src/services/key-vault.ts', 'utf8').matchAll(/^ {4}case '(\w+)':/gm);
    for (const [, name] of known) assert.ok(text.includes(`**${name}**`), name);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Sentences that are put together over several lines of code, as one. */
function joined(source: string): string {
  return source.replace(/['`]\s*\+\s*['`]/g, '');
}
