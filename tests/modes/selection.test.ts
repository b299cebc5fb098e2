import assert from 'node:assert/strict';
import type { Directory } from '../../src/modes/directory.ts';
import { selectFamilies } from '../../src/modes/selection.ts';
import { familiesOf } from '../../src/renewal/family.ts';
import type { InputName } from '../../src/settings/inputs.ts';
import { now, pat } from '../renewal/examples.ts';
import { settingsOf } from '../settings/pipeline.ts';

const notAsked = (): never => {
  throw new Error('the selection asks nobody');
};
const pats = {
  list: notAsked,
  get: notAsked,
  create: notAsked,
  update: notAsked,
  revoke: notAsked,
  now: () => now,
  tellsTime: () => true,
};

/** An organization with active PATs of these names. */
function directoryOf(organization: string, ...names: readonly string[]): Directory {
  const active = names.map((displayName, index) => pat(`${organization}-${index}`, { displayName }));
  return {
    organization: { name: organization, pats, accountId: notAsked, prove: notAsked },
    families: familiesOf(organization, { active, expired: [] }, now),
    byId: new Map(),
    activeNames: new Set(names),
    find: notAsked,
  };
}

/** What is selected of these organizations, and where each value goes. */
function selected(inputs: Partial<Record<InputName, string>>, ...directories: readonly Directory[]) {
  const organization = directories.map((directory) => directory.organization.name).join() || 'contoso';
  const { families, warnings } = selectFamilies(directories, settingsOf({ mode: 'advanced', organization, ...inputs }));
  return {
    warnings,
    families: families.map(({ family, secretName, variable, nameProblem }) => ({
      name: family.name,
      secretName,
      variable,
      nameProblem,
    })),
  };
}

const place = (name: string, secretName: string | undefined, variable: string | undefined, nameProblem?: string) => ({
  name,
  secretName,
  variable,
  nameProblem,
});

describe('the selection', () => {
  const contoso = directoryOf('contoso', 'Build feed', 'Deploy', 'Deploy (Renew PATs: new)', 'Wiki');

  it('takes families by their plain names; marked PATs are never selected themselves', () => {
    assert.deepEqual(selected({ pats: '*\n!Wiki' }, contoso), {
      families: [place('Build feed', undefined, 'PAT_BUILD_FEED'), place('Deploy', undefined, 'PAT_DEPLOY')],
      warnings: [],
    });
    assert.deepEqual(selected({ pats: '*new)' }, contoso).families, []);
  });

  it('gives each family a secret: that of its rule, or else by the input secretName', () => {
    const inputs = { keyVault: 'kv1', secretName: 'pat-{pat}', pats: '*\nDeploy => deploy-token' };
    assert.deepEqual(selected(inputs, contoso).families, [
      place('Build feed', 'pat-Build-feed', undefined),
      place('Deploy', 'deploy-token', undefined),
      place('Wiki', 'pat-Wiki', undefined),
    ]);
  });

  it('gives an output variable as well with setOutputVariables', () => {
    const inputs = { keyVault: 'kv1', setOutputVariables: 'true', pats: 'Deploy' };
    assert.deepEqual(selected(inputs, contoso).families, [place('Deploy', 'Deploy', 'PAT_DEPLOY')]);
  });

  for (const mode of ['simple', 'revoke', 'report']) {
    it(`gives no output variable in mode ${mode}, which delivers nothing`, () => {
      assert.deepEqual(selected({ mode, pats: 'Deploy' }, contoso).families, [place('Deploy', undefined, undefined)]);
    });
  }

  it('names the organization in the variables where several are handled', () => {
    assert.deepEqual(selected({ pats: 'Deploy' }, contoso, directoryOf('fabrikam', 'Deploy')).families, [
      place('Deploy', undefined, 'PAT_CONTOSO_DEPLOY'),
      place('Deploy', undefined, 'PAT_FABRIKAM_DEPLOY'),
    ]);
  });
});

describe('a selected PAT whose value has no place is told of', () => {
  it('whose name leaves nothing for its variable', () => {
    assert.deepEqual(selected({ pats: '*' }, directoryOf('contoso', 'パス')).families, [
      place(
        'パス',
        undefined,
        undefined,
        'its name has no letter (A to Z) or digit to make an output variable’s name of. Rename the PAT, or leave it out in ' +
          'the input pats.',
      ),
    ]);
  });

  it('but not with a vault alone, which takes - for every character', () => {
    assert.deepEqual(selected({ keyVault: 'kv1' }, directoryOf('contoso', 'パス')).families, [
      place('パス', '--', undefined),
    ]);
  });

  const lengths = [
    { length: 127, problem: undefined },
    {
      length: 128,
      problem:
        `its secret would be called "${'a'.repeat(40)}…" with 128 characters, and Key Vault allows 1 to 127. Name a secret ` +
        'for it in the input pats ("name => secret-name").',
    },
  ];
  for (const { length, problem } of lengths) {
    it(`whose secret’s name has ${length} characters: ${problem === undefined ? 'fine' : 'refused'}`, () => {
      const name = 'a'.repeat(length);
      assert.deepEqual(selected({ keyVault: 'kv1' }, directoryOf('contoso', name)).families, [
        place(name, name, undefined, problem),
      ]);
    });
  }
});

describe('what is left out', () => {
  it('is told by name, each organization for itself, once for all PATs of a name', () => {
    const contoso = directoryOf('contoso', 'Deploy', 'Build feed', 'Deploy');
    const fabrikam = directoryOf('fabrikam', 'Build feed');
    const { leftOut } = selectFamilies([contoso, fabrikam], settingsOf({ pats: '*\n!Deploy', organization: 'a,b' }));
    assert.deepEqual(
      [contoso, fabrikam].map((directory) => leftOut.get(directory)),
      [['Deploy'], []],
    );
  });

  it('is told only of what is active: expired PATs are history', () => {
    const contoso = { ...directoryOf('contoso', 'Deploy'), activeNames: new Set<string>() };
    assert.deepEqual(selectFamilies([contoso], settingsOf({ pats: 'Build*' })).leftOut.get(contoso), []);
  });
});

describe('a warning tells', () => {
  const contoso = directoryOf('contoso', 'Build feed', 'Deploy');

  it('of a rule that matches nothing, also of one that leaves PATs out', () => {
    assert.deepEqual(selected({ pats: '*\nRelease => r\n!Wiki', keyVault: 'kv1' }, contoso).warnings, [
      'The rule "Release => r" in the input pats matches no PAT in contoso. Correct or remove it.',
      'The rule "!Wiki" in the input pats matches no PAT in contoso. Correct or remove it.',
    ]);
  });

  const overruled = [
    { pats: '!Deploy\n*', text: '!Deploy' },
    { pats: 'Deploy => d\n*', text: 'Deploy => d' },
  ];
  for (const { pats, text } of overruled) {
    it(`of a rule that is overruled by a later one: ${JSON.stringify(pats)}`, () => {
      assert.deepEqual(selected({ pats, keyVault: 'kv1' }, contoso).warnings, [
        `The rule "${text}" in the input pats has no effect: a later rule decides about each PAT that it matches, and the ` +
          'last rule that matches wins. Put it below, or remove it.',
      ]);
    });
  }

  it('not of a rule that only selects, when a later one overrules it', () => {
    assert.deepEqual(selected({ pats: 'Deploy\n*\n!Build*' }, contoso).warnings, []);
  });

  it('not of a rule that matches in another organization', () => {
    assert.deepEqual(selected({ pats: 'Deploy\nWiki' }, contoso, directoryOf('fabrikam', 'Wiki')).warnings, []);
  });

  it('of a selection that is empty, once', () => {
    assert.deepEqual(selected({ pats: 'Release\nWiki' }, contoso), {
      families: [],
      warnings: [
        'No PAT is selected: the rules in the input pats (Release; Wiki) select none of the service account’s PATs in contoso. ' +
          'Check the rules, and that the PATs belong to this account.',
      ],
    });
  });

  it('of a character that nobody sees, where it is why nothing matches', () => {
    const called = directoryOf('contoso', 'Build feed ', 'Deploy');
    const why =
      'A PAT is called that with a blank at its end, which nobody sees: write "Build feed?", or rename the PAT.';
    assert.deepEqual(selected({ pats: 'Build feed\nDeploy' }, called).warnings, [
      `The rule "Build feed" in the input pats matches no PAT in contoso. ${why}`,
    ]);
    assert.deepEqual(selected({ pats: 'Build feed' }, called).warnings, [
      `No PAT is selected: the rules in the input pats (Build feed) select none of the service account’s PATs in contoso. ${why}`,
    ]);
  });

  it('nothing of rules where no organization could be read', () => {
    assert.deepEqual(selected({ pats: 'Release' }), { families: [], warnings: [] });
  });
});
