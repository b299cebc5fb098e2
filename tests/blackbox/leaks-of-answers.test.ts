import assert from 'node:assert/strict';
import type { TaskResult } from '../../simulator/agent/run-task.ts';
import {
  claimsChallenge,
  type Fault,
  type HttpAnswer,
  internalError,
  pageOfTheProxy,
  type SeenRequest,
  serviceUnavailable,
  tooManyRequests,
  vaultThrottled,
} from '../../simulator/index.ts';
import { describePackagedTask } from './on-each-node.ts';
import { account, type Company, password, type Situation, type TaskInputs } from './situation.ts';

/** What a service may say: nothing secret may show then. */
interface Scene {
  readonly title: string;
  readonly inputs?: TaskInputs;
  readonly company?: Company;
  readonly set?: (situation: Situation) => void;
  /** Default: any. */
  readonly result?: TaskResult;
}

const vault = { mode: 'advanced', keyVault: 'contoso-vault' };
const pats = [{ displayName: 'Build feed', scope: 'vso.packaging' }, { displayName: 'Deploy' }];

const faulty = (operation: string, fault: Fault) => (situation: Situation) =>
  void situation.faults.once(operation, fault);
const answering = (answer: HttpAnswer): Fault => ({ kind: 'answer', answer });

const signInRefusals = [50126, 50053, 50055, 50057, 50076, 50079, 50158, 53003, 65001, 7000218, 700016].map(
  (number): Scene => ({
    title: `AADSTS${number}`,
    company: { accounts: [{ upn: account, password, refusals: { password: number } }] },
    result: 'Failed',
  }),
);

const refusals: readonly Scene[] = [
  {
    title: 'no right to store',
    inputs: vault,
    company: { vault: { access: { [account]: ['get', 'list'] } } },
    result: 'Failed',
  },
  { title: 'no right to read', inputs: vault, company: { vault: { access: {} } }, result: 'Failed' },
  { title: 'a vault behind a firewall', inputs: vault, company: { vault: { shutOut: true } }, result: 'Failed' },
  { title: 'a vault that is not there', inputs: { ...vault, keyVault: 'no-such-vault' }, result: 'Failed' },
  {
    title: 'somebody’s value in the secret',
    inputs: vault,
    company: { secrets: { Deploy: { value: 'a database password' } } },
    result: 'Failed',
  },
  {
    title: 'a policy of the tenant',
    inputs: { lifetimeDays: '300' },
    company: { organization: { policies: { maximumLifespanDays: 30 } } },
    result: 'Failed',
  },
  { title: 'an organization that is not there', inputs: { organization: 'fabrikam' }, result: 'Failed' },
  { title: 'inputs that are wrong', inputs: { lifetimeDays: 'many', tenantId: '$(nothing)' }, result: 'Failed' },
];

const faults: readonly Scene[] = (
  [
    ['entra.token.password', 'drop', { kind: 'drop' }],
    ['entra.token.password', 'a page', answering(pageOfTheProxy())],
    ['pats.list', 'a page', answering(pageOfTheProxy())],
    ['pats.list', '401 with a challenge', answering(claimsChallenge())],
    ['pats.create', '500', answering(internalError())],
    ['pats.create', 'a lost answer', { kind: 'applyThenDrop' }],
    ['pats.create', 'throttling', answering(tooManyRequests(0))],
    ['devops.connectionData', '503', answering(serviceUnavailable(0))],
    ['vault.setSecret', 'a lost answer', { kind: 'applyThenDrop' }],
    ['vault.setSecret', 'throttling', answering(vaultThrottled(0))],
    ['vault.setSecret', 'a page', answering(pageOfTheProxy())],
    ['vault.getSecret', 'a page', answering(pageOfTheProxy())],
  ] as const
).map(
  ([operation, what, fault]): Scene => ({
    title: `${operation}: ${what}`,
    inputs: vault,
    set: faulty(operation, fault),
  }),
);

// The run itself is held to show no secret: see situation.ts.
describePackagedTask('Nothing secret shows, with System.Debug on, whatever a service answers', (given) => {
  for (const scene of [...signInRefusals, ...refusals, ...faults]) {
    it(`in ${scene.title}`, async () => {
      const situation = await given({ pats, ...scene.company });
      scene.set?.(situation);
      const { result, raw } = await situation.run(scene.inputs ?? {}, { debug: true });
      if (scene.result !== undefined) assert.equal(result, scene.result, raw.log);
    });
  }

  describe('when a service repeats what it was sent', () => {
    for (const [operation, inputs] of [
      ['entra.token.password', {}],
      ['pats.list', {}],
      ['pats.update', {}],
      ['pats.create', vault],
      ['pats.revoke', { ...vault, revokeAfterHours: '0' }],
      ['devops.connectionData', vault],
      ['vault.setSecret', vault],
    ] as const) {
      it(`to ${operation}`, async () => {
        const situation = await given({ pats });
        situation.faults.use({
          decide: (request) => (request.operation === operation ? answering(echo(request)) : { kind: 'pass' }),
        });
        const { raw } = await situation.run(inputs, { debug: true });
        assert.ok(
          situation.simulator.requests.some((request) => request.operation === operation),
          'it was asked',
        );
        assert.doesNotMatch(raw.log, /Bearer ey/);
      });
    }
  });
});

/** A refusal in the service's shape whose text holds the request's own headers and body. */
function echo({ operation, headers, body }: SeenRequest): HttpAnswer {
  const said = `You sent ${headers.authorization ?? ''} and ${body}`;
  const shapes: Readonly<Record<string, unknown>> = {
    entra: {
      error: 'invalid_request',
      error_description: `AADSTS90014: ${said}`,
      error_codes: [90014],
      correlation_id: said,
    },
    pats: { patToken: null, patTokenError: 'somethingNew', patTokenErrorMessage: said },
    devops: { message: said, typeKey: said },
    vault: { error: { code: said, message: said, innererror: { code: said } } },
  };
  const content = JSON.stringify(shapes[operation.split('.')[0] ?? '']);
  return {
    status: operation.startsWith('pats') ? 200 : 400,
    headers: { 'content-type': 'application/json' },
    body: content,
  };
}
