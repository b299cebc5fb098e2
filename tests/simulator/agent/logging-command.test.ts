import assert from 'node:assert/strict';
import { escapeText, parseLoggingCommand } from '../../../simulator/agent/logging-command.ts';

describe('a logging command in a line of output', () => {
  it('has an area, an event, properties and data', () => {
    const command = parseLoggingCommand('##vso[task.setvariable variable=count;isOutput=true;]3');

    assert.deepEqual(command, {
      area: 'task',
      event: 'setvariable',
      properties: new Map([
        ['variable', 'count'],
        ['isoutput', 'true'],
      ]),
      data: '3',
    });
  });

  it('may stand anywhere in the line', () => {
    assert.equal(parseLoggingCommand('12:00 says ##vso[task.debug]hello')?.data, 'hello');
  });

  it('needs no properties', () => {
    assert.equal(parseLoggingCommand('##vso[task.setsecret]s3cret')?.properties.size, 0);
  });

  for (const [what, line] of [
    ['without the prefix', 'task.debug]hello'],
    ['with a prefix of its own', '##_vso[task.debug]hello'],
    ['without a closing bracket', '##vso[task.debug hello'],
    ['without an event', '##vso[task]hello'],
    ['with one name too many', '##vso[task.debug.more]hello'],
  ] as const) {
    it(`is none ${what}`, () => assert.equal(parseLoggingCommand(line), undefined));
  }

  it('has a property only if there is a value', () => {
    assert.deepEqual(
      parseLoggingCommand('##vso[task.x empty=;none;twice==a;base64=YQ==;]')?.properties,
      new Map([
        ['twice', 'a'],
        ['base64', 'YQ=='],
      ]),
    );
  });

  it('ends its properties at the first bracket, which values must escape', () => {
    const { properties, data } = parseLoggingCommand('##vso[task.x name=a]b]c') ?? assert.fail();
    assert.equal(properties.get('name'), 'a');
    assert.equal(data, 'b]c');
  });

  for (const value of ['100 %', 'a;b', 'two\nlines', 'two\r\nlines', '[x]', '%3B stays %3B', '%AZP25']) {
    it(`carries ${JSON.stringify(value)} in a property and in the data`, () => {
      const line = `##vso[task.x name=${escapeText(value)}]${escapeText(value)}`;
      const { properties, data } = parseLoggingCommand(line) ?? assert.fail();
      assert.equal(properties.get('name'), value);
      assert.equal(data, value);
    });
  }
});
