import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { createHttp } from '../../src/services/http.ts';
import { createNetwork, type Network, type NetworkSettings } from '../../src/services/network.ts';
import type { ServiceError } from '../../src/services/service-error.ts';
import type { Timer } from '../../src/services/time-limits.ts';

/** Timers that fire when the test says so. */
class Timers {
  readonly #running = new Map<symbol, { readonly milliseconds: number; readonly act: () => void }>();

  readonly start: Timer = (milliseconds, act) => {
    const id = Symbol();
    this.#running.set(id, { milliseconds, act });
    return () => this.#running.delete(id);
  };

  /** Seconds of those that run, shortest first. */
  get running(): readonly number[] {
    return [...this.#running.values()].map(({ milliseconds }) => milliseconds / 1000).sort((a, b) => a - b);
  }

  fire(seconds: number): void {
    for (const [id, { milliseconds, act }] of this.#running) {
      if (milliseconds !== seconds * 1000) continue;
      this.#running.delete(id);
      act();
      return;
    }
    assert.fail(`no timer of ${seconds} s runs, but ${this.running}`);
  }

  /** Waits until just these run. */
  async until(...seconds: readonly number[]): Promise<void> {
    while (this.running.join() !== seconds.join()) await new Promise((resolve) => setImmediate(resolve));
  }
}

const settings: NetworkSettings = { proxy: undefined, caFile: undefined, clientCertificate: undefined };

describe('A request', () => {
  let server: net.Server;
  let clients: net.Socket[];
  let timers: Timers;
  beforeEach(async () => {
    timers = new Timers();
    clients = [];
    server = net.createServer((socket) => {
      socket.on('error', () => {});
      clients.push(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const client of clients) client.destroy();
    server.close();
  });

  const port = () => (server.address() as net.AddressInfo).port;
  const client = async (): Promise<net.Socket> => {
    while (clients[0] === undefined) await new Promise((resolve) => setImmediate(resolve));
    return clients[0];
  };
  const request = (url: string, more: { network?: Network; stopping?: AbortSignal } = {}) => {
    const network = createNetwork(settings);
    const send = createHttp({
      network,
      concurrency: 1,
      sleep: async () => {},
      now: () => 0,
      timer: timers.start,
      ...more,
    });
    return send({ method: 'POST', url, headers: {}, body: '' }).then(
      (answer) => answer,
      ({ message, outcome, transient }: ServiceError) => ({ message, outcome, transient }),
    );
  };
  const host = () => `127.0.0.1:${port()}`;

  it('whose connection does not come about in 30 seconds was not sent: a host that says nothing to TLS', async () => {
    const result = request(`https://${host()}/`);
    await client();
    timers.fire(30);
    assert.deepEqual(await result, {
      message: `No connection to ${host()} came about (ETIMEDOUT), so nothing was sent. Check the firewall and the proxy of the agent.`,
      outcome: 'unsent',
      transient: true,
    });
    assert.deepEqual(timers.running, []);
  });

  it('whose connection does not come about in 30 seconds was not sent: a proxy that says nothing', async () => {
    const proxy = { url: `http://${host()}`, username: undefined, password: undefined, bypass: [] };
    const result = request('https://dev.azure.com/', { network: createNetwork({ ...settings, proxy }) });
    await client();
    timers.fire(30);
    const words = 'dev.azure.com, or the agent’s proxy,';
    assert.deepEqual(await result, {
      message: `No connection to ${words} came about (ETIMEDOUT), so nothing was sent. Check the firewall and the proxy of the agent.`,
      outcome: 'unsent',
      transient: true,
    });
  });

  it('whose connection breaks before TLS is complete was not sent', async () => {
    const result = request(`https://${host()}/`);
    (await client()).resetAndDestroy();
    assert.deepEqual(await result, {
      message: `No connection to ${host()} came about (ECONNRESET), so nothing was sent. Check the firewall and the proxy of the agent.`,
      outcome: 'unsent',
      transient: true,
    });
  });

  it('that gets no answer for 60 seconds may have been carried out', async () => {
    const result = request(`http://${host()}/`);
    await timers.until(60, 120);
    timers.fire(60);
    assert.deepEqual(await result, {
      message: `${host()} did not answer in time (ETIMEDOUT): nothing came for 60 seconds.`,
      outcome: 'unknown',
      transient: true,
    });
  });

  for (const [where, begin] of [
    ['header', 'HTTP/1.1 200 OK\r\nX-Slow: '],
    ['body', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'],
  ] as const) {
    it(`whose answer is not complete after two minutes is given up, however steadily it trickles: ${where}`, async () => {
      const result = request(`http://${host()}/`);
      const answering = await client();
      answering.write(begin);
      for (let byte = 0; byte < 5; byte++) {
        answering.write('a');
        await new Promise((resolve) => setImmediate(resolve));
      }
      await timers.until(60, 120);
      timers.fire(120);
      assert.deepEqual(await result, {
        message: `${host()} did not answer in time (ETIMEDOUT): its answer was not complete after 120 seconds. Something on the way may hold it back.`,
        outcome: 'unknown',
        transient: true,
      });
    });
  }

  it('whose answer stops half-way is given up after 60 seconds', async () => {
    const result = request(`http://${host()}/`);
    (await client()).write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    await timers.until(60, 120);
    timers.fire(60);
    assert.match(((await result) as ServiceError).message, /nothing came for 60 seconds/);
  });

  it('that is answered leaves no timer behind', async () => {
    const result = request(`http://${host()}/`);
    (await client()).end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    assert.deepEqual(await result, { status: 200, headers: { 'content-length': '2' }, body: 'ok' });
    assert.deepEqual(timers.running, []);
  });

  it('of a cancelled job has a third of the eight seconds that are left, and is not sent without a connection', async () => {
    const controller = new AbortController();
    const result = request(`https://${host()}/`, { stopping: controller.signal });
    await client();
    controller.abort();
    timers.fire(8 / 3);
    assert.equal(((await result) as ServiceError).outcome, 'unsent');
  });

  it('that fails after its connection stood may have been carried out, whatever the error is called', async () => {
    for (const code of [
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ECONNRESET',
      'EPIPE',
      'ETIMEDOUT',
      'ENOTFOUND',
      'ECONNREFUSED',
    ]) {
      const result = request(`http://${host()}/`, { network: failingOnRead(code) });
      assert.deepEqual(await result, {
        message: `The connection to ${host()} broke before the answer came (${code}).`,
        outcome: 'unknown',
        transient: true,
      });
    }
  });

  it('that fails on the way to its connection was not sent, by the same errors', async () => {
    for (const [code, transient] of [
      ['EHOSTUNREACH', true],
      ['ENETUNREACH', true],
      ['ETIMEDOUT', true],
      ['EAI_AGAIN', true],
      ['ENOTFOUND', false],
      ['ECONNREFUSED', true],
    ] as const) {
      const result = await request(`http://${host()}/`, { network: failingOnConnect(code) });
      assert.deepEqual(
        [(result as ServiceError).outcome, (result as ServiceError).transient],
        ['unsent', transient],
        code,
      );
    }
  });
});

/** As the operating system fails a read of a connection that stood. */
function failingOnRead(code: string): Network {
  return through((options) => {
    const socket = net.connect(options);
    const fail = () => socket.destroy(Object.assign(new Error(`read ${code}`), { code, syscall: 'read' }));
    return socket.once('connect', () => setImmediate(fail));
  });
}

function failingOnConnect(code: string): Network {
  const failure = Object.assign(new Error(`connect ${code}`), { code, syscall: 'connect' });
  const lookup: net.LookupFunction = (_host, _options, found) => setImmediate(() => found(failure, ''));
  return through(() => net.connect({ host: 'unreachable', port: 1, lookup }));
}

function through(connect: (options: net.TcpNetConnectOpts) => net.Socket): Network {
  class FailingAgent extends http.Agent {
    override createConnection(...[options]: Parameters<http.Agent['createConnection']>) {
      return connect({ host: options.host ?? '', port: Number(options.port) });
    }
  }
  return { ...createNetwork(settings), plainAgentFor: () => new FailingAgent() };
}
