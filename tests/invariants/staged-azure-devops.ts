import { answerRequest, type HttpAnswer as SimulatedAnswer, type World } from '../../simulator/index.ts';
import type { HttpAnswer, HttpRequest, Send } from '../../src/services/http.ts';
import { type Engine, isAnswered, type RunOnStage, takesEffect, type Wait } from './run-on-stage.ts';
import type { Stage } from './scene.ts';
import type { FaultKind } from './story.ts';

/** The product's HTTP, without sockets: each request waits for its turn and goes to the simulator's own handler. */
export function sendOnStage(engine: Engine, scene: Stage, run: RunOnStage, wait: Wait): Send {
  const { world } = scene;
  return (request) =>
    new Promise((resolve, reject) => {
      const operation = operationOf(request);
      const proceed = (fault: FaultKind | undefined) => {
        noteCreation(run, operation, request, fault);
        if (isWriteOfDocument(operation)) troubleInside(scene, operation, request, fault);
        const isSent = takesEffect(fault) || (fault === 'torn' && isWriteOfDocument(operation));
        const answer = isSent ? simulated(answerRequest(world, toSimulator(request))) : undefined;
        if (answer !== undefined && operation === 'pats.create') noteMade(run, answer);
        if (answer !== undefined && isAnswered(fault)) resolve(answer);
        else if (fault !== undefined) fail(engine, fault, resolve, reject);
      };
      const shown = provenValue(request);
      wait(shown === undefined ? { run, operation, proceed } : { run, operation, proceed, proving: shown });
    });
}

function isWriteOfDocument(operation: string): boolean {
  return operation === 'groups.update' || operation === 'endpoints.update';
}

/** What a service that keeps the parts of a document in two stores may do, and one that goes on after it has answered. */
function troubleInside(scene: Stage, operation: string, request: HttpRequest, fault: FaultKind | undefined): void {
  const { world } = scene;
  if (fault === 'torn') {
    if (operation === 'groups.update') world.groups.breakNextWrite();
    else world.endpoints.breakNextWrite();
  }
  if (fault === 'late') scene.late.push(() => answerRequest(world, toSimulator(request)));
}

function fail(engine: Engine, fault: FaultKind, resolve: (answer: HttpAnswer) => void, reject: (error: Error) => void) {
  const json = { 'content-type': 'application/json' };
  switch (fault) {
    case 'answer lost':
    case 'request lost':
    case 'lost slowly, clock set back':
      return reject(
        new engine.ServiceError('The connection broke before the answer came.', {
          outcome: 'unknown',
          transient: true,
        }),
      );
    case 'throttled':
      return resolve({
        status: 429,
        headers: { ...json, 'retry-after': '1' },
        body: '{"message":"TF400733: blocked"}',
      });
    case 'server error, not done':
    case 'server error, done':
    case 'torn':
    case 'late':
      return resolve({ status: 503, headers: {}, body: '' });
    case 'sign-in page':
      return resolve({ status: 203, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
    case 'refused':
      return resolve({ status: 403, headers: json, body: '{"message":"no","typeKey":"AccessDeniedException"}' });
    default:
      // Killed: there is nobody left to answer.
      return;
  }
}

function provenValue(request: HttpRequest): string | undefined {
  const basic = /^Basic (.*)$/.exec(request.headers.Authorization ?? '')?.[1];
  return basic === undefined ? undefined : Buffer.from(basic, 'base64').toString().slice(1);
}

function operationOf({ method, url }: HttpRequest): string {
  if (url.includes('/connectionData')) return 'connectionData';
  if (url.includes('/variablegroups')) return method === 'PUT' ? 'groups.update' : 'groups.get';
  if (url.includes('/serviceendpoint')) return method === 'PUT' ? 'endpoints.update' : 'endpoints.get';
  switch (method) {
    case 'GET':
      return url.includes('authorizationId=') ? 'pats.get' : 'pats.list';
    case 'POST':
      return 'pats.create';
    case 'DELETE':
      return 'pats.revoke';
    default:
      return 'pats.update';
  }
}

/** I9 counts what may have taken effect; a throttled or refused creation certainly had none. */
function noteCreation(run: RunOnStage, operation: string, request: HttpRequest, fault: FaultKind | undefined): void {
  if (operation !== 'pats.create' || fault === 'throttled' || fault === 'refused' || fault === 'killed before') return;
  const { displayName } = JSON.parse(request.body ?? '{}') as { displayName: string };
  run.creations.set(displayName, (run.creations.get(displayName) ?? 0) + 1);
}

function noteMade(run: RunOnStage, answer: HttpAnswer): void {
  if (answer.status !== 200) return;
  const { patToken } = JSON.parse(answer.body) as { patToken: { authorizationId: string } | null };
  if (patToken !== null) run.made.add(patToken.authorizationId);
}

function toSimulator(request: HttpRequest) {
  const { hostname: host, pathname: path, searchParams: query } = new URL(request.url);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  return { method: request.method, host, path, query, headers, body: request.body ?? '' };
}

function simulated(answer: SimulatedAnswer): HttpAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name.toLowerCase()] = String(value);
  return { status: answer.status, headers, body: answer.body };
}

const bearers = new WeakMap<World, { readonly token: string; readonly until: number }>();

/** The service account's token, and a new one before it ends, as MSAL gives it. */
export function bearerFor(world: World): string {
  const held = bearers.get(world);
  if (held !== undefined && held.until > world.now) return held.token;
  const answer = answerRequest(world, {
    method: 'POST',
    host: 'login.microsoftonline.com',
    path: '/contoso.example/oauth2/v2.0/token',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: '1950a258-227b-4e31-a9cf-717495945fc2',
      username: 'svc-pats@contoso.example',
      password: world.entra.accountByUpn('svc-pats@contoso.example')?.password ?? '',
      scope: '499b84ac-1321-427f-aa17-267ca6975798/.default openid profile offline_access',
    }).toString(),
  });
  const { access_token: token } = JSON.parse(answer.body) as { access_token: string };
  bearers.set(world, { token, until: world.now + 10 * 60_000 });
  return token;
}
