import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Screen } from '../../cli/screen.ts';
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

const screen = (isTTY: boolean, environment: Record<string, string> = {}, json = false) => {
  const stdout = new Recorder(isTTY);
  const stderr = new Recorder(isTTY);
  return { stdout, stderr, screen: new Screen({ stdout, stderr, environment, json }) };
};

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

  it('keeps the standard output for JSON where that was asked for', () => {
    const shown = screen(false, {}, true);
    shown.screen.result('for people');
    shown.screen.json('{}\n');
    assert.deepEqual([shown.stdout.text, shown.stderr.text], ['{}\n', 'for people\n']);
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
