import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../src/services/http.ts';
import { noRefusedSignIns, type PasswordClaim, signInUnlessRefused } from '../../src/sign-in/refused-sign-ins.ts';

const claim: PasswordClaim = {
  authorityHost: 'https://login.microsoftonline.com',
  tenantId: 'contoso.onmicrosoft.com',
  clientId: '5b1b1e0a-5a0c-4a4f-9d3a-0d6f1f7c0001',
  username: 'svc@contoso.com',
  password: 'hunter2!',
};
const answerOf = (status: number, code: number): HttpAnswer => ({
  status,
  headers: {},
  body: JSON.stringify({ error: 'x', error_codes: [code], error_description: `AADSTS${code}: no.` }),
});

/** Attempts of one step, which all remember what was refused, against a service that answers so. */
function attempts(answer: HttpAnswer) {
  const refused = new Map<string, string>();
  const sent: string[] = [];
  const attempt = (password = claim.password) =>
    signInUnlessRefused(
      {
        send: async ({ body }) => {
          sent.push(new URLSearchParams(body).get('password') ?? '');
          return answer;
        },
        pauses: { sleep: async () => {}, random: () => 0, isStopping: () => false },
        registerSecret: () => {},
        refusedSignIns: {
          find: async (one) => refused.get(one.password),
          note: async (one, code) => void refused.set(one.password, code),
        },
        passwordDoubts: () => ['It may have arrived changed.'],
      },
      { ...claim, password },
    ).then(
      () => assert.fail('it was refused'),
      (error: Error & { code?: string }) => error,
    );
  return { attempt, sent, refused };
}

describe('A password that an earlier attempt was refused', () => {
  it('is not sent again, and the message says so with the code of the refusal', async () => {
    const { attempt, sent } = attempts(answerOf(400, 50126));
    assert.match(
      (await attempt()).message,
      /The user name or the password.*may have arrived changed\. \(AADSTS50126\)$/,
    );
    const again = await attempt();
    assert.match(
      again.message,
      /^The sign-in of account svc@contoso\.com in tenant contoso\.onmicrosoft\.com was refused in an earlier attempt, and the same password is not sent again.*\(AADSTS50126\)$/,
    );
    assert.equal(again.code, 'AADSTS50126');
    await attempt();
    assert.deepEqual(sent, ['hunter2!']);
  });

  it('does not keep another one, corrected meanwhile, from being tried', async () => {
    const { attempt, sent } = attempts(answerOf(400, 50126));
    await attempt();
    await attempt('corrected!');
    assert.deepEqual(sent, ['hunter2!', 'corrected!']);
  });

  it('is known also where the refusal came as an error of the service', async () => {
    const { attempt, sent } = attempts(answerOf(500, 50126));
    await attempt();
    await attempt();
    assert.equal(sent.length, 1);
  });

  for (const [what, answer] of [
    ['an outage', answerOf(503, 90033)],
    ['an outage of those whom Entra asks', answerOf(400, 80002)],
    ['an error of the service with a code that nobody knows', answerOf(503, 1234567)],
    ['a page of a proxy', { status: 502, headers: {}, body: '<html>' }],
  ] as const) {
    it(`is none after ${what}: nothing says that it was looked at`, async () => {
      const { attempt, refused } = attempts(answer);
      await attempt();
      assert.equal(refused.size, 0);
    });
  }

  it('is nothing that the command remembers: it makes one attempt', async () => {
    await noRefusedSignIns.note(claim, 'AADSTS50126');
    assert.equal(await noRefusedSignIns.find(claim), undefined);
  });
});
