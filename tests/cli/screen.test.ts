import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type OutputFormat, Screen } from '../../cli/screen.ts';
import { hostileText } from '../report/hostile-text.ts';

class Recorder {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

const screen = (
  isTTY: boolean,
  environment: Record<string, string> = {},
  { format = 'table' as OutputFormat, isQuiet = false, columns = undefined as number | undefined } = {},
) => {
  const stdout = new Recorder(isTTY);
  const stderr = Object.assign(new Recorder(isTTY), columns === undefined ? {} : { columns });
  return { stdout, stderr, screen: new Screen({ stdout, stderr, environment, format, isQuiet }) };
};
const data = { json: () => '{}\n', rows: () => [['a\tb', 'c']] };

describe('the screen of the command', () => {
  it('has colours on a terminal', () => {
    const shown = screen(true);
    shown.screen.result('done', 'green');
    assert.equal(shown.stdout.text, '\u001b[32mdone\u001b[0m\n');
  });

  it('has none in a file, with NO_COLOR, or on a terminal that knows none', () => {
    for (const { shown } of [
      { shown: screen(false) },
      { shown: screen(true, { NO_COLOR: '1' }) },
      { shown: screen(true, { TERM: 'dumb' }) },
    ]) {
      shown.screen.result('done', 'green');
      assert.equal(shown.stdout.text, 'done\n');
    }
  });

  it('shows progress on a terminal only, and never in the way of a line', () => {
    const shown = screen(true, { NO_COLOR: '1' });
    shown.screen.progress(1, 3);
    shown.screen.note('careful');
    shown.screen.progress(3, 3);
    assert.equal(shown.stderr.text, '\r\u001b[K1 of 3\r\u001b[Kcareful\n1 of 3\r\u001b[K');
    const inFile = screen(false);
    inFile.screen.progress(1, 3);
    assert.equal(inFile.stderr.text, '');
  });

  it('says beside the progress what is being waited for, until it is over, in one line of the terminal', () => {
    const shown = screen(true, {}, { columns: 40 });
    shown.screen.progress(1, 3);
    const end = shown.screen.waiting('dev.azure.com limits requests: goes on at 04:12:30');
    end();
    assert.deepEqual(shown.stderr.text.split('\r\u001b[K'), [
      '',
      '1 of 3',
      '1 of 3, dev.azure.com limits requests: ',
      '1 of 3',
    ]);
  });

  it('leaves nothing half-written on the terminal', async () => {
    const shown = screen(true);
    shown.stdout.write = shown.stderr.write = function (this: Recorder, text: string, done?: () => void) {
      this.text += text;
      done?.();
    } as Recorder['write'];
    shown.screen.progress(1, 3);
    await shown.screen.flushed();
    assert.equal(shown.stderr.text, '\r\u001b[K1 of 3\r\u001b[K');
  });

  for (const { format, stdout, stderr } of [
    { format: 'table', stdout: 'for people\n', stderr: '' },
    { format: 'json', stdout: '{}\n', stderr: 'for people\n' },
    { format: 'tsv', stdout: 'a b\tc\n', stderr: 'for people\n' },
    { format: 'none', stdout: '', stderr: '' },
  ] as const) {
    it(`keeps the standard output for what was asked for: ${format}`, () => {
      const shown = screen(false, {}, { format });
      shown.screen.result('for people');
      shown.screen.data(data);
      assert.deepEqual([shown.stdout.text, shown.stderr.text], [stdout, stderr]);
    });
  }

  it('shows only what needs a person where that was asked for, and still the result for programs', () => {
    const shown = screen(true, { NO_COLOR: '1' }, { format: 'json', isQuiet: true });
    shown.screen.progress(1, 3);
    shown.screen.result('done');
    shown.screen.aside('by the way');
    shown.screen.data(data);
    shown.screen.warning('look here');
    assert.deepEqual([shown.stdout.text, shown.stderr.text], ['{}\n', 'Warning: look here\n']);
  });

  it('breaks sentences between words to fit the terminal, and leaves them whole in a file', () => {
    const sentence =
      'The value is in its place; run it by hand: https://contoso.example/a/very/long/address/to/be/copied';
    const shown = screen(true, { NO_COLOR: '1' }, { columns: 40 });
    shown.screen.note(sentence);
    assert.deepEqual(shown.stderr.text.trimEnd().split('\n'), [
      'The value is in its place; run it by',
      '  hand:',
      '  https://contoso.example/a/very/long/address/to/be/copied',
    ]);
    const inFile = screen(false, {}, { columns: 40 });
    inFile.screen.note(sentence);
    assert.equal(inFile.stderr.text, `${sentence}\n`);
  });

  it('lets no registered secret through, in no form', () => {
    const secret = 'pa ss&w%rd"1+\\é';
    for (const form of [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      Buffer.from(`:${secret}`).toString('base64'),
    ]) {
      const shown = screen(false);
      shown.screen.registerSecret(secret);
      shown.screen.error(`it says ${form} there`);
      assert.match(shown.stderr.text, /it says "?\*\*\*"? there/);
    }
  });

  it('shows hostile text as text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = screen(true, { NO_COLOR: '1' });
        shown.screen.warning(text);
        assert.doesNotMatch(shown.stderr.text.replace(/\n$/, ''), /[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });
});
