import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportJson } from '../../src/report/json.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { entry, reportOf } from '../report/example-report.ts';
import { examples, mappings } from './pages.ts';

describe('The message of examples/tell-a-chat.yml', () => {
  const example = examples().find(({ where }) => where === 'examples/tell-a-chat.yml');
  const script = String([...mappings(example?.content)].map(({ bash }) => bash).find((text) => text !== undefined));
  const folder = mkdtempSync(join(tmpdir(), 'renew-pats-chat-'));
  const posted: unknown[] = [];
  let server: Server;
  let webhook: string;

  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        posted.push(JSON.parse(body));
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/1`;
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => posted.splice(0));

  const tell = async (report: RunReport | undefined) => {
    const path = join(folder, 'report.json');
    if (report !== undefined) writeFileSync(path, reportJson(report));
    const environment = {
      PATH: process.env.PATH,
      REPORT: report === undefined ? '' : path,
      WEBHOOK: webhook,
      RUN: 'https://dev.azure.com/contoso/Tools/_build/results?buildId=7',
    };
    const run = spawn('bash', ['-c', script], { cwd: folder, env: environment, stdio: 'pipe' });
    let output = '';
    for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const status = await new Promise((resolve) => run.on('close', resolve));
    assert.equal(status, 0, output);
    return posted.map((message) => (message as { text: string }).text.split('\n'));
  };

  it('names what failed, what could not be read and what needs somebody, and links the run', async () => {
    const [message] = await tell(
      reportOf([entry({ displayName: 'Deploy', action: 'replace', outcome: 'failed', message: 'It is "refused".' })], {
        warnings: ['"Wiki" ends soon.'],
        unreachable: [{ organization: 'fabrikam', message: 'It did not answer.' }],
      }),
    );
    assert.deepEqual(message, [
      'Renew PATs needs somebody:',
      'fabrikam: It did not answer.',
      'Deploy: It is "refused".',
      '"Wiki" ends soon.',
      'https://dev.azure.com/contoso/Tools/_build/results?buildId=7',
    ]);
  });

  it('tells of a sign-in that failed', async () => {
    const [message] = await tell(reportOf([], { organizations: [], failure: 'The password is wrong (AADSTS50126).' }));
    assert.equal(message?.[1], 'The password is wrong (AADSTS50126).');
  });

  it('is not sent where there is no report to tell from', async () => {
    assert.deepEqual(await tell(undefined), []);
  });
});
