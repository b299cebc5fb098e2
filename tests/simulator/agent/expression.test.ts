import assert from 'node:assert/strict';
import { conditionHolds } from '../../../simulator/agent/condition.ts';
import { evaluate, type Value } from '../../../simulator/agent/expression.ts';
import type { TaskResult } from '../../../simulator/agent/task-result.ts';
import { Variables } from '../../../simulator/agent/variables.ts';

const variables = new Variables();
variables.set('rotate.renewedCount', '10');
variables.set('empty', '');
variables.set('isStored', 'TRUE');

const outputs = { get: (name: string) => (name === 'rotate.PAT' ? 'value' : null) };
const names = {
  variables: { get: (name: string) => variables.get(name)?.value ?? null },
  dependencies: { get: (job: string) => (job === 'make' ? { get: () => outputs } : null) },
};
const value = (text: string): Value => evaluate(text, { names, functions: {} });

describe('an expression', () => {
  for (const [text, expected] of [
    ["'it''s'", "it's"],
    ['-1.5', -1.5],
    ['True', true],
    ["variables['ROTATE.renewedcount']", '10'],
    ['variables.isStored', 'TRUE'],
    ["variables['nothing']", null],
    ["dependencies.make.outputs['rotate.PAT']", 'value'],
    ["dependencies.other.outputs['rotate.PAT']", null],
    ["eq('Name', 'nAME')", true],
    ["eq(variables['nothing'], '')", true],
    ["ne(variables['nothing'], '')", false],
    ["ne(variables['empty'], '')", false],
    ["ne(variables['isStored'], '')", true],
    ["eq(variables['isStored'], true)", true],
    ["eq(1, '1')", true],
    ["eq(1, 'one')", false],
    ["eq(variables['rotate.renewedCount'], 10)", true],
    ['gt(10, 9)', true],
    ["le(2, '3')", true],
    ["in('b', 'a', 'B')", true],
    ["notIn('c', 'a', 'B')", true],
    ["coalesce(variables['nothing'], 'given')", 'given'],
    ['and(true, not(false), or(false, 1))', true],
    ["and(variables['isStored'], variables['empty'])", false],
  ] as const) {
    it(`${text} is ${JSON.stringify(expected)}`, () => assert.equal(value(text), expected));
  }

  it('compares the text of a variable as text, digit by digit: 10 is not more than 9', () => {
    assert.equal(value("gt(variables['rotate.renewedCount'], 9)"), false);
  });

  for (const text of ['', 'eq(1', "'open", 'shout()', 'nothing.there', 'eq(1, 1) more', "gt(1, 'one')"]) {
    it(`is none: ${text}`, () => assert.throws(() => value(text)));
  }
});

describe("a step's condition", () => {
  const runs = (condition: string, ...statuses: readonly TaskResult[]) =>
    it(`${condition} holds when the job is ${statuses.join(' or ')}`, () => {
      const all = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled'] as const;
      assert.deepEqual(
        all.filter((status) => conditionHolds(condition, variables, status)),
        statuses,
      );
    });

  runs('succeeded()', 'Succeeded', 'SucceededWithIssues');
  runs('failed()', 'Failed');
  runs('succeededOrFailed()', 'Succeeded', 'SucceededWithIssues', 'Failed');
  runs('canceled()', 'Canceled');
  runs('always()', 'Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled');
  runs("and(succeeded(), eq(variables['isStored'], 'true'))", 'Succeeded', 'SucceededWithIssues');
});
