import assert from 'node:assert/strict';
import { json } from '../../simulator/http/exchange.ts';
import type { Settings } from '../../simulator/index.ts';
import { describePackagedTask, type Given } from './on-each-node.ts';
import { account, type Company, inDays, minuteOf, type Situation, vaultHost } from './situation.ts';

const advanced = { mode: 'advanced', keyVault: 'contoso-vault' };
const monthly = { ...advanced, renewBeforeDays: '10' };
const pats = [{ displayName: 'Build feed', scope: 'vso.packaging vso.code' }];

/** Renew, look again, retire: the whole way of a PAT in a vault. */
async function renewsWaitsAndRetires({ run, world, newest, active }: Situation): Promise<void> {
  assert.equal((await run(advanced)).result, 'Succeeded');
  assert.deepEqual((await run(monthly)).written, []);
  world.advance({ hours: 49 });
  const last = await run(monthly);
  assert.deepEqual([last.result, last.outputs.revokedCount], ['Succeeded', '1']);
  assert.equal(newest('Build-feed').value, active('Build feed').value);
}

/** The same in one run, without a grace. */
async function renewsAtOnce({ run, newest, active }: Situation): Promise<void> {
  const { result, outputs } = await run({ ...advanced, revokeAfterHours: '0' });
  assert.deepEqual([result, outputs.renewedCount, outputs.revokedCount], ['Succeeded', '1', '1']);
  assert.equal(newest('Build-feed').value, active('Build feed').value);
}

/** The whole way with output variables. */
async function renewsWaitsAndRetiresByName({ run, world, activeNames }: Situation): Promise<void> {
  const { result, handedOver = '' } = await run({ mode: 'advanced' });
  assert.equal(result, 'Succeeded');
  // The storing takes its time: what was made is listed by then, whatever the lag of the list.
  world.advance({ minutes: 3 });
  assert.equal((await run({ mode: 'revoke', handedOver })).result, 'Succeeded');
  // The names are the record: a run within the lag of the list cannot know of the one before it.
  world.advance({ minutes: 5 });
  assert.deepEqual((await run({ mode: 'advanced', renewBeforeDays: '10' })).written, []);
  world.advance({ hours: 48, minutes: 2 });
  assert.equal((await run({ mode: 'revoke' })).outputs.revokedCount, '1');
  assert.deepEqual(activeNames(), ['Build feed']);
}

async function extendsForSixtyDays({ run, named }: Situation): Promise<void> {
  assert.equal((await run()).result, 'Succeeded');
  for (const { validTo } of named('Build feed')) assert.equal(minuteOf(validTo), minuteOf(inDays(60)));
}

/** The recorded PAT was revoked by hand while another of its name is active. */
async function healsAfterRevocationByHand({ run, world, named, newest }: Situation): Promise<void> {
  await run(advanced);
  world.advance({ days: 1 });
  const made = named('Build feed')[1];
  assert.ok(made);
  world.pats.revoke('contoso', made.accountId, made.authorizationId);
  assert.equal((await run(monthly)).outputs.renewedCount, '1');
  assert.equal(newest('Build-feed').value, named('Build feed')[2]?.value);
}

/** A revocation takes effect, its answer is lost, and it is repeated. */
async function repeatsRevocations({ run, faults, activeNames }: Situation): Promise<void> {
  faults.once('pats.revoke', { kind: 'applyThenAnswer', answer: json(503, {}, { 'retry-after': '0' }) });
  const { result, outputs } = await run({ ...advanced, revokeAfterHours: '0' });
  assert.deepEqual([result, outputs.revokedCount], ['Succeeded', '1']);
  assert.deepEqual(activeNames(), ['Build feed']);
}

/** A token that the service takes no more, in the middle of a run. */
async function saysThatTheTokenIsNotAccepted({ run, faults, world }: Situation): Promise<void> {
  faults.use({ before: ({ operation }) => void (operation === 'pats.list' && world.advance({ hours: 3 })) });
  const { result, errors, written } = await run();
  assert.deepEqual([result, written], ['Failed', []]);
  assert.match(errors.join('\n'), /token was not accepted|does not let the service account/);
}

/** What cannot be done is told with the service's code, and nothing has changed. */
function refuses(inputs: Readonly<Record<string, string>>, code: string) {
  return async function isRefusedAndChangesNothing(here: Situation) {
    const before = here.activeNames();
    const { result, line, operations } = await here.run(inputs);
    assert.equal(result, 'Failed');
    assert.match(line('Build feed').message ?? '', new RegExp(code));
    assert.deepEqual(here.activeNames(), before);
    assert.equal(operations['vault.setSecret'], undefined);
  };
}

interface Answer {
  readonly settings: Partial<Settings>;
  readonly company?: Company;
  readonly task: (here: Situation) => Promise<void>;
}

const twoOrganizations: Company = {
  organizations: { contoso: { pats }, fabrikam: { pats: [{ displayName: 'Everywhere', allOrgs: true }] } },
};

const lists: readonly Answer[] = [
  { settings: { byteOrderMark: true }, task: renewsAtOnce },
  { settings: { topAboveLimit: 'refused' }, task: extendsForSixtyDays },
  { settings: { defaultFilter: 'all' }, task: extendsForSixtyDays },
  { settings: { defaultPageSize: 1 }, task: extendsForSixtyDays },
  {
    settings: { continuation: 'offset' },
    company: { pats: Array.from({ length: 101 }, () => ({ displayName: 'Build feed' })) },
    task: extendsForSixtyDays,
  },
  { settings: { listLagSeconds: 120 }, task: renewsWaitsAndRetires },
  { settings: { listLagSeconds: 120 }, task: renewsWaitsAndRetiresByName },
  { settings: { scopeOrder: 'sorted' }, task: renewsAtOnce },
  { settings: { scopeOrder: 'reversed' }, task: renewsWaitsAndRetiresByName },
  { settings: { timePrecision: 'milliseconds' }, task: renewsAtOnce },
  { settings: { timePrecision: 'seconds' }, task: renewsAtOnce },
  {
    settings: { globalsListedEverywhere: false },
    company: twoOrganizations,
    task: async function listsEachOnce({ run }) {
      const { pats: told } = await run({ mode: 'report', organization: 'contoso,fabrikam' });
      assert.deepEqual(
        told.map(({ displayName }) => displayName),
        ['Build feed', 'Everywhere'],
      );
    },
  },
];

const revocations: readonly Answer[] = [
  { settings: { revokeStatus: 200 }, task: renewsAtOnce },
  { settings: { revokedPatById: 'stillShown' }, task: healsAfterRevocationByHand },
  { settings: { revokedPatById: 'notFound' }, task: healsAfterRevocationByHand },
  { settings: { revokeOfUnknown: 'authorizationNotFound' }, task: repeatsRevocations },
  { settings: { revokeOfUnknown: 'authorizationNotFound', refusalStatus: 400 }, task: repeatsRevocations },
  { settings: { revokeOfUnknown: 'notFound' }, task: repeatsRevocations },
  { settings: { revokedPatWorksForSeconds: 3600 }, task: renewsWaitsAndRetires },
];

const rules: readonly Answer[] = [
  {
    settings: { refusalStatus: 400 },
    company: { organization: { policies: { restrictCreation: 'on' } } },
    task: refuses(advanced, 'disablePatCreationPolicyViolation'),
  },
  { settings: { duplicateNames: 'refused' }, task: refuses(advanced, 'invalidDisplayName') },
  { settings: { displayNameForbids: '()' }, task: renewsAtOnce },
  { settings: { displayNameForbids: '()' }, task: refuses({ mode: 'advanced' }, 'invalidDisplayName') },
  {
    settings: { displayNameLimit: 40 },
    task: async function leavesTheOldOneAlone({ run, activeNames }) {
      const { handedOver = '' } = await run({ mode: 'advanced' });
      const { result, warnings, operations } = await run({ mode: 'revoke', handedOver });
      assert.deepEqual([result, operations['pats.revoke']], ['SucceededWithIssues', undefined]);
      assert.ok(warnings.some((warning) => /invalidDisplayName.*by hand/.test(warning)));
      assert.deepEqual(activeNames(), ['Build feed', 'Build feed']);
    },
  },
  { settings: { beyondOneYear: 'clamped' }, task: extendsForSixtyDays },
  { settings: { validFromOnExtension: 'moved' }, task: extendsForSixtyDays },
  {
    settings: { validFromOnExtension: 'moved' },
    task: async function revokesTheOlderOneAfterAnExtension({ run, world, newest, active }) {
      await run(advanced);
      world.advance({ hours: 1 });
      await run({ keyVault: 'contoso-vault', lifetimeDays: '90' });
      world.advance({ hours: 48 });
      assert.equal((await run({ ...monthly, mode: 'revoke' })).outputs.revokedCount, '1');
      assert.equal(newest('Build-feed').value, active('Build feed').value);
    },
  },
  {
    settings: { newScopes: 'withImplied' },
    company: { pats: [{ displayName: 'Build feed', scope: 'vso.code_write' }] },
    task: async function keepsTheFamilyWhole({ run, world, named, isActive, newest }) {
      const first = await run(advanced);
      assert.equal(first.result, 'SucceededWithIssues');
      assert.match(first.warnings.join('\n'), /came back with the scopes "vso.code_write vso.code vso.profile"/);
      for (let week = 0; week < 2; week++) {
        world.advance({ days: 7 });
        assert.equal((await run(monthly)).outputs.revokedCount, '1');
        if (week === 0) await run(advanced);
      }
      assert.deepEqual(
        named('Build feed').map(isActive),
        [false, false, true],
        'one PAT is in use, and no scope grows on',
      );
      assert.equal(named('Build feed')[2]?.scope, named('Build feed')[1]?.scope);
      assert.equal(newest('Build-feed').value, named('Build feed')[2]?.value);
    },
  },
  {
    settings: { updateYearCountsFrom: 'creation' },
    task: refuses({ lifetimeDays: '365' }, 'invalidValidTo'),
  },
  {
    settings: { updateYearCountsFrom: 'creation', beyondOneYear: 'clamped' },
    task: async function warnsOfTheDate({ run, active }) {
      const { result, warnings } = await run({ lifetimeDays: '365' });
      assert.equal(result, 'SucceededWithIssues');
      assert.equal(minuteOf(active('Build feed').validTo), minuteOf('2027-10-04T04:00:00Z'));
      assert.ok(warnings.some((warning) => warning.includes('2027-10-04')));
    },
  },
  {
    settings: { allOrgsOmitted: 'reset' },
    company: { pats: [{ displayName: 'Build feed', allOrgs: true }] },
    task: async function staysGlobal({ run, active }) {
      await run();
      assert.equal(active('Build feed').allOrgs, true);
    },
  },
  {
    settings: { globalCreation: 'allowed' },
    task: async function makesGlobalOnes({ run, world, named, isActive, newest }) {
      assert.equal((await run({ ...advanced, allOrgs: 'true' })).result, 'SucceededWithIssues');
      assert.equal(named('Build feed')[1]?.allOrgs, true);
      world.advance({ hours: 49 });
      // Microsoft retires it in a few days: it is due whatever renewBeforeDays says, and never the one that supersedes.
      await run({ ...monthly, renewBeforeDays: '1' });
      assert.deepEqual(
        named('Build feed').map(({ allOrgs }) => allOrgs),
        [false, true, false],
      );
      assert.deepEqual(named('Build feed').map(isActive), [false, true, true]);
      assert.equal(newest('Build-feed').value, named('Build feed')[2]?.value);
    },
  },
  {
    settings: { globalUpdate: 'blocked' },
    company: { pats: [{ displayName: 'Build feed', allOrgs: true }] },
    task: refuses({}, 'globalPATCreationBlocked'),
  },
  {
    settings: { expiredExtendable: 'yes' },
    company: { pats: [{ displayName: 'Build feed', validTo: inDays(-1) }] },
    task: async function isNotExtended({ run }) {
      const { written, warnings } = await run();
      assert.deepEqual(written, []);
      assert.ok(warnings.some((warning) => warning.includes('"Build feed"')));
    },
  },
  {
    settings: { nonCompliantUpdate: 'refused' },
    company: {
      pats: [{ displayName: 'Build feed', scope: 'app_token' }],
      organization: { policies: { restrictFullScope: true } },
    },
    task: refuses({}, 'fullScopePatPolicyViolation'),
  },
  {
    settings: { creationRestrictionCoversUpdate: true },
    company: { organization: { policies: { restrictCreation: 'on' } } },
    task: refuses({}, 'disablePatCreationPolicyViolation'),
  },
  { settings: { valueShape: 'legacy' }, task: renewsAtOnce },
];

const ownApp = '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001';

const callers: readonly Answer[] = [
  ...(['signInPage', 'redirect', 'unauthorized'] as const).map((badBearer) => ({
    settings: { badBearer, honoursSuppress: false },
    task: saysThatTheTokenIsNotAccepted,
  })),
  { settings: { honoursSuppress: true }, task: saysThatTheTokenIsNotAccepted },
  {
    settings: { patApiScopes: 'vsoPats' },
    task: async function namesBothPermissions({ run }) {
      const { result, errors } = await run();
      assert.equal(result, 'Failed');
      assert.match(errors.join('\n'), /vso\.pats.*vso\.pats_manage/);
    },
  },
  {
    settings: { patApiScopes: 'vsoPats' },
    company: { applications: [{ clientId: ownApp, delegated: { azureDevOps: ['vso.pats', 'vso.pats_manage'] } }] },
    task: async function isEnough({ run }) {
      assert.equal((await run({ clientId: ownApp })).result, 'Succeeded');
    },
  },
  ...(['html', 'json'] as const).map((unknownOrganization) => ({
    settings: { unknownOrganization },
    task: async function saysSo({ run }: Situation) {
      const { result, errors } = await run({ organization: 'fabrikam' });
      assert.equal(result, 'Failed');
      assert.match(errors.join('\n'), /"fabrikam" was not found/);
    },
  })),
  { settings: { connectionDataScopes: [] }, task: renewsAtOnce },
  { settings: { expiredPatAnswer: 'bare' }, task: renewsAtOnce },
  { settings: { newPatWorksAfterSeconds: 60 }, task: renewsAtOnce },
  {
    settings: { identityIds: 'perOrganization' },
    company: { organizations: { contoso: { pats }, fabrikam: { pats } } },
    task: async function keepsThemApart({ run, newest, named }) {
      const both = { organization: 'contoso,fabrikam', secretName: '{organization}-{pat}' };
      for (const inputs of [advanced, monthly]) assert.equal((await run({ ...inputs, ...both })).result, 'Succeeded');
      assert.equal(newest('fabrikam-Build-feed').value, named('Build feed', 'fabrikam')[1]?.value);
    },
  },
  { settings: { refreshTokenSpentByUse: 'yes' }, task: renewsAtOnce },
];

const vaults: readonly Answer[] = [
  {
    settings: { vaultPageSize: 1 },
    company: { pats, secrets: { 'Build-feed': { value: { pat: 'Build feed' } } } },
    task: renewsWaitsAndRetires,
  },
  { settings: { versionsOfUnknown: 'notFound' }, task: renewsAtOnce },
  {
    settings: { secretBeforeItsDate: 'given' },
    company: { pats, secrets: { 'Build-feed': { value: { pat: 'Build feed' }, notBefore: inDays(3) } } },
    task: renewsAtOnce,
  },
  ...(['laterSet', 'earlierSet'] as const).map((newestOfTie) => ({
    settings: { newestOfTie },
    task: async function survivesTies(here: Situation) {
      // Two versions within one second, of one PAT and then of two.
      here.faults.once('vault.setSecret', { kind: 'applyThenDrop' });
      const { run, world, isActive, newest, named } = here;
      for (let twice = 0; twice < 2; twice++) await run(advanced);
      world.advance({ days: 3 });
      await run(monthly);
      const consumed = world.pats.byValue(newest('Build-feed').value);
      assert.ok(consumed && isActive(consumed));
      assert.equal(named('Build feed').filter(isActive).length, 1);
    },
  })),
  { settings: { tagLengthLimit: 512 }, task: renewsAtOnce },
  ...([0, 60] as const).map((deletionSeconds) => ({
    settings: { deletionSeconds },
    company: { pats, secrets: { 'Build-feed': { value: { pat: 'Build feed' } } } },
    task: async function saysWhatToDo({ run, world, activeNames }: Situation) {
      world.vaults.deleteSecret(vaultHost, world.entra.accountByUpn(account)?.id ?? '', 'Build-feed');
      const { line } = await run(advanced);
      assert.match(
        line('Build feed').message ?? '',
        deletionSeconds === 0 ? /ObjectIsDeletedButRecoverable/ : /ObjectIsBeingDeleted/,
      );
      assert.deepEqual(activeNames(), ['Build feed']);
    },
  })),
];

const inWords = (name: string) => name.replace(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`);

describePackagedTask('Where nothing is published, the task works with either answer:', (given) => {
  const check = (answers: readonly Answer[], start: Given) => {
    for (const { settings, company, task } of answers) {
      const said = Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
      it(`${said.join(', ')}: ${inWords(task.name)}`, async () => {
        await task(await start({ pats, ...company, settings }));
      });
    }
  };
  describe('lists and times', () => check(lists, given));
  describe('revoked PATs', () => check(revocations, given));
  describe('rules about PATs', () => check(rules, given));
  describe('who may call', () => check(callers, given));
  describe('vaults', () => check(vaults, given));
  describe('the network', () => {
    it('unknownHost 504, unknownHost "close": says so', async () => {
      await Promise.all(
        ([504, 'close'] as const).map(async (unknownHost) => {
          const { run, activeNames } = await given({ pats, settings: { unknownHost } });
          const { result, line } = await run({ mode: 'advanced', keyVault: 'another-vault' });
          assert.equal(result, 'Failed');
          assert.match(line('Build feed').message ?? '', /another-vault\.vault\.azure\.net/);
          assert.deepEqual(activeNames(), ['Build feed']);
        }),
      );
    });
  });
});
