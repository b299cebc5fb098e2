import assert from 'node:assert/strict';
import { openPlaces } from '../../src/destinations/registry.ts';
import type { Listing } from '../../src/modes/listing.ts';
import { type Selected, selectFamilies } from '../../src/modes/selection.ts';
import { familiesOf } from '../../src/renewal/family.ts';
import type { InputName } from '../../src/settings/inputs.ts';
import { now, pat } from '../renewal/examples.ts';
import { settingsOf } from '../settings/pipeline.ts';
import { devOpsThatIsNotAsked, notAsked, storeThatIsNotAsked } from './examples.ts';

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
function listingOf(organization: string, ...names: readonly string[]): Listing {
  const active = names.map((displayName, index) => pat(`${organization}-${index}`, { displayName }));
  return {
    organization: { name: organization, pats, accountId: notAsked, prove: notAsked },
    families: familiesOf(organization, { active, expired: [] }, now),
    byId: new Map(),
    activeNames: new Set(names),
    find: notAsked,
  };
}

const places = { placeOf: openPlaces({ vault: storeThatIsNotAsked('kv1'), devOps: devOpsThatIsNotAsked }) };

function select(inputs: Partial<Record<InputName, string>>, ...listings: readonly Listing[]): Selected {
  const organization = listings.map((listing) => listing.organization.name).join() || 'contoso';
  return selectFamilies(listings, settingsOf({ mode: 'advanced', organization, ...inputs }), places);
}

/** What is selected of these organizations, and where each value goes. */
function selected(...given: Parameters<typeof select>) {
  const { families, warnings, notices, inputError } = select(...given);
  return {
    ...(inputError === undefined ? {} : { inputError }),
    warnings,
    notices,
    families: families.map(({ family: { name }, destination }) => {
      if (destination.kind === 'none') return { name, problem: destination.problem };
      const labels = destination.kind === 'places' ? destination.places.map(({ label }) => label) : [];
      return place(name, labels, destination.variable);
    }),
  };
}

const place = (name: string, labels: readonly string[], variable: string | undefined) => ({
  name,
  places: labels,
  variable,
});

const handedOver = (name: string, variable: string | undefined) => place(name, [], variable);

describe('the selection', () => {
  const contoso = listingOf('contoso', 'Build feed', 'Deploy', 'Deploy (Renew PATs: new)', 'Wiki');

  it('takes families by their plain names; marked PATs are never selected themselves', () => {
    assert.deepEqual(selected({ pats: '*\n!Wiki' }, contoso), {
      families: [handedOver('Build feed', 'PAT_BUILD_FEED'), handedOver('Deploy', 'PAT_DEPLOY')],
      warnings: [],
      notices: [],
    });
    assert.deepEqual(selected({ pats: '*new)' }, contoso).families, []);
  });

  it('gives each family a secret: that of its rule, or else by the input secretName', () => {
    const inputs = { keyVault: 'kv1', secretName: 'pat-{pat}', pats: '*\nDeploy => deploy-token' };
    assert.deepEqual(selected(inputs, contoso).families, [
      place('Build feed', ['kv1/pat-Build-feed'], undefined),
      place('Deploy', ['kv1/deploy-token'], undefined),
      place('Wiki', ['kv1/pat-Wiki'], undefined),
    ]);
  });

  it('gives an output variable as well with setOutputVariables', () => {
    const inputs = { keyVault: 'kv1', setOutputVariables: 'true', pats: 'Deploy' };
    assert.deepEqual(selected(inputs, contoso).families, [place('Deploy', ['kv1/Deploy'], 'PAT_DEPLOY')]);
  });

  for (const mode of ['simple', 'revoke', 'report']) {
    it(`gives no output variable in mode ${mode}, which delivers nothing`, () => {
      assert.deepEqual(selected({ mode, pats: 'Deploy' }, contoso).families, [handedOver('Deploy', undefined)]);
    });
  }

  it('names the organization in the variables where several are handled', () => {
    assert.deepEqual(selected({ pats: 'Deploy' }, contoso, listingOf('fabrikam', 'Deploy')).families, [
      handedOver('Deploy', 'PAT_CONTOSO_DEPLOY'),
      handedOver('Deploy', 'PAT_FABRIKAM_DEPLOY'),
    ]);
  });
});

describe('a selected PAT whose value has no place is told of', () => {
  it('whose name leaves nothing for its variable', () => {
    assert.deepEqual(selected({ pats: '*' }, listingOf('contoso', 'パス')).families, [
      {
        name: 'パス',
        problem:
          'its name has no letter (A to Z) or digit to make an output variable’s name of. Rename the PAT, or leave it out in ' +
          'the input pats.',
      },
    ]);
  });

  it('but not with a vault alone, which takes - for every character', () => {
    assert.deepEqual(selected({ keyVault: 'kv1' }, listingOf('contoso', 'パス')).families, [
      place('パス', ['kv1/--'], undefined),
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
      assert.deepEqual(selected({ keyVault: 'kv1' }, listingOf('contoso', name)).families, [
        problem === undefined ? place(name, [`kv1/${name}`], undefined) : { name, problem },
      ]);
    });
  }
});

describe('a selected PAT’s places', () => {
  const contoso = listingOf('contoso', 'Build feed');
  const of = (inputs: Parameters<typeof selected>[0], listing = contoso) => selected(inputs, listing).families;

  it('are the vault’s secret and the group’s variable, where both inputs name one', () => {
    assert.deepEqual(of({ keyVault: 'kv1', variableGroup: 'Tools/feeds' }), [
      place('Build feed', ['kv1/Build-feed', 'Tools/feeds/PAT_BUILD_FEED'], undefined),
    ]);
  });

  it('are those of its rule alone, where that names some; the one that can be read comes first', () => {
    const pats = 'Build feed => connection:Tools/Feed, group:Tools/feeds/FEED, build';
    assert.deepEqual(of({ keyVault: 'kv1', variableGroup: 'Tools/others', pats }), [
      place('Build feed', ['kv1/build', 'Tools/Feed', 'Tools/feeds/FEED'], undefined),
    ]);
  });

  it('name the organization in the variable where several are handled', () => {
    const inputs = { variableGroup: 'Tools/feeds', organization: 'contoso,fabrikam' };
    assert.deepEqual(of(inputs), [place('Build feed', ['Tools/feeds/PAT_CONTOSO_BUILD_FEED'], undefined)]);
  });

  it('are none where its name leaves nothing for the variable of a group', () => {
    assert.deepEqual(of({ variableGroup: 'Tools/feeds' }, listingOf('contoso', 'パス')), [
      {
        name: 'パス',
        problem:
          'the name "パス" leaves nothing for the name of a variable. Name one in the input pats ("name => ' +
          'group:project/group/variable").',
      },
    ]);
  });
});

describe('what is left out', () => {
  it('is told by name, each organization for itself, once for all PATs of a name', () => {
    const contoso = listingOf('contoso', 'Deploy', 'Build feed', 'Deploy');
    const fabrikam = listingOf('fabrikam', 'Build feed');
    const { leftOut } = select({ pats: '*\n!Deploy' }, contoso, fabrikam);
    assert.deepEqual(
      [contoso, fabrikam].map((listing) => leftOut.get(listing)),
      [['Deploy'], []],
    );
  });

  it('is told only of what is active: expired PATs are history', () => {
    const contoso = { ...listingOf('contoso', 'Deploy'), activeNames: new Set<string>() };
    assert.deepEqual(select({ pats: 'Build*' }, contoso).leftOut.get(contoso), []);
  });

  it('is known by the place where its value would stand, so that nobody takes its own for another’s', () => {
    const { leftOutAt } = select({ keyVault: 'kv1', pats: '*\n!Deploy' }, listingOf('contoso', 'Build feed', 'Deploy'));
    assert.deepEqual([...leftOutAt], [['secret:kv1/deploy', 'Deploy']]);
  });

  it('has no place where its PATs have expired, or values are handed over', () => {
    const expired = { ...listingOf('contoso', 'Deploy'), activeNames: new Set<string>() };
    assert.deepEqual([...select({ keyVault: 'kv1', pats: 'Build*' }, expired).leftOutAt], []);
    assert.deepEqual([...select({ pats: 'Build*' }, listingOf('contoso', 'Deploy')).leftOutAt], []);
  });
});

describe('a warning tells', () => {
  const contoso = listingOf('contoso', 'Build feed', 'Deploy');

  it('of a rule that matches nothing, also of one that leaves PATs out', () => {
    assert.deepEqual(selected({ pats: '*\nRelease => r\n!Wiki', keyVault: 'kv1' }, contoso).warnings, [
      'The rule "Release => r" in the input pats matches no PAT in contoso. Correct or remove it.',
      'The rule "!Wiki" in the input pats matches no PAT in contoso. Correct or remove it.',
    ]);
  });

  it('not of a rule that matches in another organization', () => {
    assert.deepEqual(selected({ pats: 'Deploy\nWiki' }, contoso, listingOf('fabrikam', 'Wiki')).warnings, []);
  });

  it('of a selection that is empty, once', () => {
    assert.deepEqual(selected({ pats: 'Release\nWiki' }, contoso), {
      families: [],
      warnings: [
        'No PAT is selected: the rules in the input pats (Release; Wiki) select none of the service account’s PATs in contoso. ' +
          'Check the rules, and that the PATs belong to this account.',
      ],
      notices: [],
    });
  });

  it('of a character that nobody sees, where it is why nothing matches', () => {
    const called = listingOf('contoso', 'Build feed ', 'Deploy');
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
    assert.deepEqual(selected({ pats: 'Release' }), { families: [], warnings: [], notices: [] });
  });
});

describe('it is good to know', () => {
  const contoso = listingOf('contoso', 'Build feed', 'Deploy');

  const overruled = [
    { pats: '!Deploy\n*', text: '!Deploy' },
    { pats: 'Deploy => d\n*', text: 'Deploy => d' },
  ];
  for (const { pats, text } of overruled) {
    it(`that a rule is overruled by a later one: ${JSON.stringify(pats)}`, () => {
      assert.deepEqual(selected({ pats, keyVault: 'kv1' }, contoso).notices, [
        `The rule "${text}" in the input pats has no effect: a later rule decides about each PAT that it matches, and the ` +
          'last rule that matches wins. Put it below, or remove it.',
      ]);
    });
  }

  it('nothing of a rule that only selects, when a later one overrules it', () => {
    assert.deepEqual(selected({ pats: 'Deploy\n*\n!Build*' }, contoso).notices, []);
  });
});

describe('rules are no rules', () => {
  it('where they select nothing, and look like another way of writing them', () => {
    const { inputError, warnings } = select(
      { pats: 'Build feed, Deploy' },
      listingOf('contoso', 'Build feed', 'Deploy'),
    );
    assert.match(inputError ?? '', /^Input pats: it selects nothing, and looks like another way/);
    assert.deepEqual(warnings, []);
  });
});
