import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { runPipeline } from './run-pipeline.ts';

const run = (text: string) =>
  runPipeline(parse(text), { options: {}, tasks: {}, groups: { keys: { key: { value: 'hunter2', secret: true } } } });

describe('A pipeline in the tests of the examples', () => {
  const secretOutput = `echo "##vso[task.setvariable variable=pat;isOutput=true;isSecret=true]$(printf '%s' ab cd)"`;
  const show = 'test -n "$PAT" && printf %s "$PAT" | rev';

  for (const [where, make, mapped] of [
    ['a job', `{ job: make, steps: [{ bash: '${secretOutput.replaceAll("'", "''")}', name: it }] }`, 'it.pat'],
    [
      'a leg of a matrix',
      `{ job: make, strategy: { matrix: { one: {} } }, steps: [{ bash: '${secretOutput.replaceAll("'", "''")}', name: it }] }`,
      'one.it.pat',
    ],
    [
      'a deployment',
      `{ deployment: make, environment: e, strategy: { runOnce: { deploy: { steps: [{ bash: '${secretOutput.replaceAll("'", "''")}', name: it }] } } } }`,
      'make.it.pat',
    ],
  ] as const) {
    it(`hands an output of ${where} to another job by its name, and keeps it secret`, async () => {
      const { results, steps } = await run(`
        jobs:
          - ${make}
          - job: use
            dependsOn: make
            variables: { pat: "$[ dependencies.make.outputs['${mapped}'] ]" }
            steps: [{ bash: '${show}', env: { PAT: $(pat) } }, { bash: 'echo abcd' }]
      `);

      assert.deepEqual(results, { make: 'Succeeded', use: 'Succeeded' });
      assert.equal(steps[1]?.rawOutput, 'dcba');
      assert.ok(steps[2]?.log.includes('\n***\n'));
    });
  }

  it('hands an output to another stage, and conditions of stages and jobs read it', async () => {
    const { results, steps } = await run(`
      stages:
        - stage: first
          jobs: [{ job: make, steps: [{ bash: 'echo "##vso[task.setvariable variable=count;isOutput=true]2"', name: it }] }]
        - stage: second
          condition: and(succeeded(), ne(dependencies.first.outputs['make.it.count'], '0'))
          jobs:
            - job: use
              variables: [{ name: count, value: "$[ stageDependencies.first.make.outputs['it.count'] ]" }, { group: keys }]
              steps: [{ bash: echo $(count) }]
            - job: not
              condition: eq(variables['nothing'], 'there')
              steps: [{ bash: exit 1 }]
        - stage: third
          dependsOn: first
          condition: failed()
          jobs: [{ job: never, steps: [{ bash: exit 1 }] }]
    `);

    assert.deepEqual(results, {
      'first.make': 'Succeeded',
      'second.use': 'Succeeded',
      'second.not': 'Skipped',
      'third.never': 'Skipped',
    });
    assert.equal(steps[1]?.rawOutput, '2');
  });

  it('leaves out what stands after a failed job, except where a condition wants that', async () => {
    const { results } = await run(`
      jobs:
        - { job: a, steps: [{ bash: exit 1 }] }
        - { job: b, dependsOn: a, steps: [{ bash: exit 0 }] }
        - { job: c, dependsOn: a, condition: failed('a'), steps: [{ bash: exit 0 }] }
        - { job: d, dependsOn: [b], steps: [{ bash: exit 0 }] }
    `);

    assert.deepEqual(results, { a: 'Failed', b: 'Skipped', c: 'Succeeded', d: 'Skipped' });
  });

  it('must not read outputs of a job that it does not depend on', async () => {
    await assert.rejects(
      run(`
        jobs:
          - { job: b, dependsOn: a, steps: [{ bash: exit 0 }] }
          - { job: a, steps: [{ bash: exit 0 }] }
      `),
      /a is no dependency/,
    );
  });
});
