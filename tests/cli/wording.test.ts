import assert from 'node:assert/strict';
import { inputOptions } from '../../cli/options.ts';
import { inCommandWords } from '../../cli/wording.ts';
import { sentencesIn, textsOf } from './sentences.ts';

const capitals = inputOptions.map(({ input }) => input).filter((input) => /[A-Z]/.test(input));

/** What nobody at a command line has. Pipelines there may be: they read variable groups. */
const ofPipelines = new RegExp(
  `(?<![-"\\w])(?:pipeline|(?<!authentication )agents?|tasks?|jobs?|steps?|inputs?|output variables?|System\\.\\w+|Agent\\.\\w+|sa_\\w+|tenantid|${capitals.join('|')})\\b`,
  'i',
);

/** Sentences that no command can come to, and why. */
const onlyInPipelines: readonly { readonly text: RegExp; readonly why: string }[] = [
  { text: /^Input (?:…: …|organization)$/, why: 'what becomes a flag with what follows it' },
  {
    text: /output variable|a step with|[Tt]he step that stores|later steps|is read-only in this pipeline/,
    why: 'nothing is handed over',
  },
  { text: /the pipeline has no variable/, why: 'no input is a variable of a pipeline' },
  {
    text: /^The pipeline service gave no token|this pipeline may use it/,
    why: 'no connection is federated with a pipeline',
  },
  { text: /this pipeline run|this pipeline’s run|this step|this job/, why: 'each run of the command stands by itself' },
];

describe('the words of the command', () => {
  const engine = sentencesIn('src').filter(({ file }) => !file.startsWith('src/report/markdown'));

  it('have nothing of pipelines, whatever sentence of the engine they tell', () => {
    assert.ok(engine.length > 300, `only ${engine.length} sentences were found`);
    const told = engine
      .filter(({ text }) => !onlyInPipelines.some((one) => one.text.test(text)))
      .map(({ file, text }) => ({ file, text: inCommandWords(text) }))
      .filter(({ text }) => ofPipelines.test(text));
    assert.deepEqual(told, [], 'put the words into cli/wording.ts, or better, give the reason a code');
  });

  it('are the same when they are told twice', () => {
    for (const { text } of engine) assert.equal(inCommandWords(inCommandWords(text)), inCommandWords(text));
  });

  it('are not those of the task: the engine names no variable of the command, and no flag but in a whole command', () => {
    const flags = new RegExp(
      `--(?:${inputOptions.map(({ input }) => input).join('|')}|json|quiet|ca-file)\\b|RENEWPATS_`,
    );
    const ofCommand = engine.filter(({ text }) => flags.test(text) && !text.includes('renew-pats sign-in'));
    assert.deepEqual(ofCommand, []);
  });

  for (const [given, expected] of [
    ['Input tenantId: it is wrong.', '--tenant-id (or RENEWPATS_TENANT_ID): it is wrong.'],
    ['Check the inputs tenantId, clientId and authorityHost.', 'Check --tenant-id, --client-id and --authority-host.'],
    ['Check the input organization: the name', 'Check --organization: the name'],
    ['in the input pats ("name => secret-name")', 'in --pats ("name => secret-name")'],
    ['Check the input tenantId, and authorityHost in', 'Check --tenant-id, and --authority-host in'],
    ['Set includeExpired to true to have it', 'Give --include-expired to have it'],
    ['the input box', 'the input box'],
    ['"the agent of this job" was not written by this task.', '"the agent of this job" was not written by renew-pats.'],
    ['service connection "environment" may not', 'the application of AZURE_CLIENT_ID may not'],
    ['a " alone, and this task', 'a " alone, and renew-pats'],
  ] as const) {
    it(`for ${JSON.stringify(given)} are ${JSON.stringify(expected)}`, () =>
      assert.equal(inCommandWords(given), expected));
  }
});

describe('the texts of a script', () => {
  it('are found in quotation marks and templates, and not in comments or patterns', () => {
    const script =
      'const a = "one two", b = `three <c / d ? \'four\' : `five <e>`> six`; // "no"\nreturn /["\'`/]/.test(a) / 2;';
    const code = script.replaceAll('<', '$\u007b').replaceAll('>', '}');
    assert.deepEqual(textsOf(code), ['one two', 'four', 'five …', 'three … six']);
  });
});
