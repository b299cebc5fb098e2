import { createWorld, type EndpointPage, type GroupPage, type Pat } from '../../../simulator/index.ts';
import type { Rule } from '../../../src/renewal/rules.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { organization, type Stage, selectedNames, startInstant, vaultHost } from '../scene.ts';
import { usualStart } from '../story.ts';
import type { Layout, PlaceDeed, PlaceStory } from './place-story.ts';

export const [first, second] = selectedNames;
const variables: Readonly<Record<string, string>> = { [first]: 'BUILD', [second]: 'DEPLOY' };
const secrets: Readonly<Record<string, string>> = { [first]: 'build', [second]: 'deploy' };
const ANN = 'ann@contoso.example';

/** A place of one family, and what its consumers are given. */
export interface ServedPlace {
  readonly name: string;
  readonly family: string;
  readonly served: () => string | undefined;
}

export interface PlaceScene extends Stage {
  readonly servedPlaces: readonly ServedPlace[];
  readonly settings: (settings: Settings, takeOver: boolean) => Settings;
  readonly act: (deed: PlaceDeed) => void;
  /** What other people keep in the same documents. */
  readonly others: () => unknown;
}

export function setPlaceScene({ layout, brokenWrite, oneDescription }: PlaceStory): PlaceScene {
  const hasVault = layout.startsWith('vault');
  const world = createWorld({
    now: startInstant,
    seed: 1,
    settings: {
      brokenGroupWrite: brokenWrite,
      brokenEndpointWrite: brokenWrite,
      endpointDescription: oneDescription ? 'one' : 'perProject',
    },
    accounts: [{ upn: 'svc-pats@contoso.example' }, { upn: ANN }],
    organizations: {
      [organization]: {
        pats: [
          { displayName: first, scope: 'vso.packaging' },
          { displayName: second, scope: 'vso.release' },
        ],
        projects: {
          Tools: {
            groups: {
              feeds: {
                variables: { owner: 'team', Other: { value: 'other secret', isSecret: true, isReadOnly: true } },
              },
            },
            connections: {
              [first]: { parameters: { apitoken: { pat: first } }, description: 'of the team', sharedWith: ['Web'] },
              [second]: { parameters: { apitoken: { pat: second } } },
            },
          },
          Web: {},
        },
      },
    },
    vaults: { 'contoso-kv': {} },
  });
  const account = world.entra.accountByUpn('svc-pats@contoso.example');
  const ann = world.entra.accountByUpn(ANN)?.id ?? '';
  if (account === undefined) throw new Error('the world has no service account');

  const group = () => world.groups.named(organization, 'Tools', 'feeds');
  const endpoint = (family: string) => world.endpoints.named(organization, 'Tools', family);
  const placesOf = (family: string): readonly (ServedPlace & { readonly rule: string })[] =>
    [
      ...(hasVault
        ? [
            {
              name: 'vault',
              rule: `secret:${secrets[family]}`,
              served: () => world.vaults.newest(vaultHost, secrets[family] ?? '')?.value,
            },
          ]
        : []),
      ...(isIn(layout, 'group', family)
        ? [
            {
              name: 'group',
              rule: `group:Tools/feeds/${variables[family]}`,
              served: () => group().variables[variables[family] ?? '']?.value,
            },
          ]
        : []),
      ...(isIn(layout, 'connection', family)
        ? [
            {
              name: 'connection',
              rule: `connection:Tools/${family}`,
              served: () => endpoint(family).parameters.apitoken,
            },
          ]
        : []),
    ].map((place) => ({ ...place, family }));

  const familyOf = (name: string): readonly Pat[] =>
    [...world.pats.all()].filter((pat) => pat.displayName === name && world.pats.status(pat) === 'active');
  let pages: { readonly group: GroupPage; readonly endpoint: EndpointPage } | undefined;
  const open = () => ({
    group: world.groups.openPage(group()),
    endpoint: world.endpoints.openPage(endpoint(first), 'Tools'),
  });
  const inGroup = isIn(layout, 'group', first);
  const inConnection = isIn(layout, 'connection', first);
  const variable = variables[first] ?? '';
  const paste = (value: string) => {
    if (inGroup) open().group.save(ann, { [variable]: { value, isSecret: true } });
    if (inConnection) open().endpoint.save(ann, { secret: value });
  };

  const act = (deed: PlaceDeed): void => {
    const active = familyOf(first);
    switch (deed) {
      case 'opens the page':
        pages = open();
        return;
      case 'saves the page that was opened earlier':
        if (inGroup) pages?.group.save(ann);
        if (inConnection) pages?.endpoint.save(ann);
        return;
      case 'pastes an older value': {
        const current = world.pats.byValue(placesOf(first).at(-1)?.served() ?? '');
        // Nobody knows the value of a PAT that a run has just made.
        const older = active.find((pat) => current !== undefined && pat.validFrom < current.validFrom);
        if (older !== undefined) paste(older.value);
        return;
      }
      case 'pastes a value of no PAT':
        paste('somebody’s text');
        return;
      case 'wipes the record':
        if (inGroup) open().group.save(ann, { [`${variable}_RenewPats`]: undefined });
        if (inConnection) open().endpoint.save(ann, { description: '' });
        return;
      case 'edits another variable':
        if (inGroup) open().group.save(ann, { owner: { value: String(world.now) } });
        return;
      case 'makes a PAT of the same name':
        world.pats.create(organization, account.id, {
          ...{ displayName: first, scope: 'vso.packaging', validTo: world.now + 30 * 86_400_000 },
        });
        return;
      case 'revokes the PAT in use': {
        const pat = world.pats.byValue(placesOf(first).at(-1)?.served() ?? '');
        if (pat !== undefined) world.pats.revoke(organization, account.id, pat.authorizationId);
        return;
      }
      case 'revokes the newest PAT': {
        const latest = active.at(-1);
        if (latest !== undefined && active.length > 1)
          world.pats.revoke(organization, account.id, latest.authorizationId);
        return;
      }
    }
  };

  return {
    ...{
      world,
      accountId: account.id,
      places: hasVault ? ['vault', 'group'] : ['group'],
      start: usualStart,
      late: [],
    },
    servedPlaces: selectedNames.flatMap(placesOf),
    settings: (settings, takeOver) => ({
      ...settings,
      takeOver,
      pipelineStart: undefined,
      rules: selectedNames.map((name) => ruleOf(name, placesOf(name))),
    }),
    act,
    others: () => [
      group().variables.Other,
      group().references,
      ...selectedNames.map((name) => {
        const { type, url, scheme, references } = endpoint(name);
        return [type, url, scheme, references.map(({ projectId, name: called }) => [projectId, called])];
      }),
    ],
  };
}

function isIn(layout: Layout, place: 'group' | 'connection', family: string): boolean {
  if (place === 'group') return layout !== 'connection';
  return layout === 'connection' || (layout === 'vault, group and connection' && family === first);
}

function ruleOf(name: string, places: readonly { readonly rule: string }[]): Rule {
  return { kind: 'include', pattern: name, places: places.map(({ rule }) => rule), text: name };
}
