import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PasswordClaim } from '../../src/sign-in/refused-sign-ins.ts';
import { refusedSignInsIn } from '../../tasks/RenewPats/refused-sign-ins.ts';

const claim: PasswordClaim = {
  authorityHost: 'https://login.microsoftonline.com',
  tenantId: 'contoso.onmicrosoft.com',
  clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001',
  username: 'svc@contoso.com',
  password: 'hunter2! with a blank',
};

describe('The note of a refused sign-in in the agent’s temporary folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'renew-pats-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => join(folder, readdirSync(folder)[0] ?? '');
  const attempt = (run = 'plan-1') => refusedSignInsIn(folder, run);

  it('is found by the next attempt, with the code', async () => {
    assert.equal(await attempt().find(claim), undefined);
    await attempt().note(claim, 'AADSTS50126');
    assert.equal(await attempt().find(claim), 'AADSTS50126');
    assert.equal(await attempt().find({ ...claim, username: 'SVC@contoso.com' }), 'AADSTS50126');
  });

  const others: readonly [string, Partial<PasswordClaim>][] = [
    ['password', { password: 'hunter3! with a blank' }],
    ['account', { username: 'other@contoso.com' }],
    ['tenant', { tenantId: 'fabrikam.onmicrosoft.com' }],
    ['app', { clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0002' }],
  ];
  for (const [what, other] of others) {
    it(`stops no other ${what}`, async () => {
      await attempt().note(claim, 'AADSTS50126');
      assert.equal(await attempt().find({ ...claim, ...other }), undefined);
      await attempt().note({ ...claim, ...other }, 'AADSTS50053');
      assert.equal(await attempt().find({ ...claim, ...other }), 'AADSTS50053');
      assert.equal(await attempt().find(claim), 'AADSTS50126');
    });
  }

  it('stops no other run, in a folder that was not cleared', async () => {
    await attempt('plan-1').note(claim, 'AADSTS50126');
    assert.equal(await attempt('plan-2').find(claim), undefined);
  });

  it('holds nothing of the password or the account, is another one each time, and is for its owner only', async () => {
    await attempt().note(claim, 'AADSTS50126');
    await attempt().note(claim, 'AADSTS50126');
    const text = readFileSync(file(), 'utf8');
    const [first, second] = text.trim().split('\n');
    assert.notEqual(first, second);
    for (const part of ['hunter2', 'svc', 'contoso', Buffer.from('hunter2').toString('base64').slice(0, 8)]) {
      assert.ok(!text.includes(part), part);
    }
    if (process.platform !== 'win32') assert.equal(statSync(file()).mode & 0o077, 0);
  });

  it('is read past whatever else stands in the file', async () => {
    await attempt().note(claim, 'AADSTS50126');
    appendFileSync(file(), '{"salt":"AA==","digest":"AA==","code":"AADSTS1"}\nnull\n{"salt":1}\n{"salt":"A\n');
    assert.equal(await attempt().find(claim), 'AADSTS50126');
  });

  it('is none where nothing can be written', async () => {
    const nowhere = refusedSignInsIn(join(folder, 'missing'), 'plan-1');
    await nowhere.note(claim, 'AADSTS50126');
    assert.equal(await nowhere.find(claim), undefined);
  });
});
