import assert from 'node:assert/strict';
import { csv } from '../../hub/csv.ts';

describe('The list as CSV', () => {
  it('has each cell in quotes, whatever is in it', () => {
    assert.equal(
      csv([
        ['a', 'b "c"'],
        ['d,e', 'f\ng'],
      ]),
      '"a","b ""c"""\r\n"d,e","f\ng"\r\n',
    );
  });

  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r\n@x', '\u200b=1', '＝1+1']) {
    it(`makes text of what a spreadsheet would take for a formula: ${JSON.stringify(formula)}`, () => {
      assert.equal(csv([[formula]]), `"'${formula}"\r\n`);
    });
  }

  it('leaves other text as it is', () => {
    assert.equal(csv([['a=b', '2026-11-23', '']]), '"a=b","2026-11-23",""\r\n');
  });
});
