import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { completionFor, shells } from '../../cli/completion.ts';
import { commandOptions, flagsOf } from '../../cli/options.ts';
import { runCommand } from './run-command.ts';

/** What a person has typed, the last word up to the cursor, and what the shell then offers. */
const cases: readonly { readonly typed: readonly string[]; readonly offered: readonly string[] }[] = [
  { typed: ['re'], offered: ['report', 'renew'] },
  { typed: ['renew', '--dry'], offered: ['--dry-run'] },
  { typed: ['report', '--dry'], offered: [] },
  { typed: ['renew', '--mode', ''], offered: ['simple', 'advanced', 'revoke'] },
  { typed: ['renew', '--output', 't'], offered: ['table', 'tsv'] },
  { typed: ['completion', 'z'], offered: ['zsh'] },
  { typed: ['renew', '--ca-file', 'package.j'], offered: ['package.json'] },
];

describe('the completion', () => {
  for (const shell of shells) {
    it(`for ${shell} is printed, and has every flag of every command`, async () => {
      const { code, stdout } = await runCommand(undefined, ['completion', shell]);
      assert.deepEqual([code, stdout], [0, completionFor(shell)]);
      for (const { name } of commandOptions)
        for (const flag of flagsOf(name)) assert.ok(stdout.includes(`--${flag.name}`), flag.name);
    });
  }

  for (const { typed, offered } of cases) {
    it(`in bash offers ${offered.join(' ') || 'nothing'} for "${typed.join(' ')}"`, () => {
      assert.deepEqual(inBash(typed).sort(), [...offered].sort());
    });

    it(`in zsh (if it is there) offers ${offered.join(' ') || 'nothing'} for "${typed.join(' ')}"`, function () {
      if (spawnSync('zsh', ['--version']).error !== undefined) return this.skip();
      assert.deepEqual(inZsh(typed).sort(), [...offered].sort());
    });
  }

  it('for PowerShell quotes every text, so that none ends it', () => {
    const script = completionFor('powershell');
    for (const line of script.split('\n').filter((one) => one.startsWith('    @{ Word'))) {
      assert.match(line, /^ {4}@\{ Word = '[^'’]*'; Help = '(?:[^'’]|'')*' \}$/);
    }
    const code = script.replace(/'(?:[^']|'')*'|"[^"]*"|#.*$/gm, '');
    const count = (mark: string) => code.split(mark).length;
    assert.deepEqual([count('('), count('{'), count('[')], [count(')'), count('}'), count(']')]);
  });
});

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function inBash(typed: readonly string[]): string[] {
  const words = ['renew-pats', ...typed].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _renew_pats; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return lines(execFileSync('bash', ['--norc', '-c', `${completionFor('bash')}\n${ask}`], { encoding: 'utf8' }));
}

/** With the functions of zsh that offer words replaced by ones that print them. */
function inZsh(typed: readonly string[]): string[] {
  const words = ['renew-pats', ...typed].map((word) => `'${word}'`).join(' ');
  const stubs = `
    compdef() { }
    compadd() { shift; print -l -- "$@" }
    _files() { print -l -- "\${words[CURRENT]}"*(N) }
    _describe() { print -l -- "\${(@)\${(P)2}%%:*}" }`;
  const ask = `words=(${words}); CURRENT=$#words; _renew_pats`;
  const offered = lines(
    execFileSync('zsh', ['-f', '-c', `${stubs}\n${completionFor('zsh')}\n${ask}`], { encoding: 'utf8' }),
  );
  return offered.filter((word) => word.startsWith(typed.at(-1) ?? ''));
}
