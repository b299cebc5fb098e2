import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { askPassword } from '../../cli/password.ts';

describe('a password that is asked for at a terminal', () => {
  const ask = async (typed: string) => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    let shown = '';
    const answer = askPassword(terminal, (text) => (shown += text), 'svc@contoso.com');
    terminal.write(typed);
    return { answer: await answer, shown };
  };

  it('is not shown while it is typed', async () => {
    assert.deepEqual(await ask('correct horse\r'), {
      answer: 'correct horse',
      shown: 'Password of svc@contoso.com: \n',
    });
  });

  it('may be mended before it is sent', async () => {
    assert.equal((await ask('horsf\u007fe\r')).answer, 'horse');
  });

  it('is given up with Ctrl-C', async () => {
    assert.equal((await ask('corr\u0003')).answer, undefined);
  });
});
