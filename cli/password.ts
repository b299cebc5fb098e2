import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { plainText } from '../src/report/plain-text.ts';
import { readInput } from './inputs.ts';
import { variableOf } from './options.ts';
import type { Command, Process, TerminalInput } from './process.ts';
import type { Screen } from './screen.ts';

/** Asks on a terminal; nothing of what is typed appears. Undefined: the person pressed Ctrl-C, or there is no more input. */
export function askPassword(
  input: TerminalInput,
  show: (text: string) => void,
  who: string,
): Promise<string | undefined> {
  show(`Password of ${who}: `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  return new Promise((resolve) => {
    const end = (answer: string | undefined) => {
      resolve(answer);
      lines.close();
      show('\n');
    };
    lines.once('line', end);
    lines.once('SIGINT', () => end(undefined));
    lines.once('close', () => resolve(undefined));
  });
}

/** The whole of a stream without the line end at its end, as `echo` makes one. */
export async function readPassword(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n$/, '');
}

/**
 * From the environment, the standard input, or the person at the terminal; empty if it is not needed or not there, and
 * undefined if the person at the terminal would rather not.
 */
export async function passwordOf(process: Process, asked: Command, screen: Screen): Promise<string | undefined> {
  const kind = readInput(process, asked, 'signIn')?.trim().toLowerCase() ?? '';
  if (kind !== '' && kind !== 'password') return '';
  const given = asked.own.has('password-stdin')
    ? await readPassword(process.stdin)
    : (process.environment[variableOf('password')] ?? '');
  const who = readInput(process, asked, 'username') ?? '';
  const asks = given === '' && who !== '' && process.stdin.isTTY === true;
  const password = asks ? await askPassword(process.stdin, (text) => screen.show(text), plainText(who)) : given;
  if (password !== undefined && password !== '') screen.registerSecret(password);
  return password;
}
