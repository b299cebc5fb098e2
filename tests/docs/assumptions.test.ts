import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { defaultSettings } from '../../simulator/settings.ts';

describe('The page of assumptions', () => {
  const text = readFileSync('docs/assumptions.md', 'utf8');
  const [assumptions = '', tests = ''] = text.split('## Which test plays which answer');
  const listed = [...assumptions.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  it('lists every setting of the simulator once, and no other', () => {
    assert.deepEqual(listed.sort(), Object.keys(defaultSettings).sort());
  });

  for (const [, setting = '', files = ''] of tests.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)) {
    it(`names tests that play ${setting}`, () => {
      assert.ok(setting in defaultSettings, setting);
      for (const [, file = ''] of files.matchAll(/\]\(\.\.\/([^)]+)\)/g))
        assert.ok(readFileSync(file, 'utf8').includes(setting), `${file} does not speak of ${setting}`);
    });
  }

  it('names tests of every setting', () => {
    const played = [...tests.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(played.sort(), Object.keys(defaultSettings).sort());
  });
});
