import assert from 'node:assert/strict';
import type { NetworkSettings } from '../../src/services/network.ts';
import { InputProblems } from '../../src/settings/input-reading.ts';
import { checkedNetworkSettings, readNetworkSettings } from '../../tasks/RenewPats/network-settings.ts';

const direct: NetworkSettings = {
  proxy: undefined,
  caFile: undefined,
  clientCertificate: undefined,
};

const read = (environment: NodeJS.ProcessEnv, secrets: Record<string, string> = {}) =>
  readNetworkSettings(environment, new Map(Object.entries(secrets)));

describe('the agent’s network', () => {
  it('is direct by default', () => assert.deepEqual(read({}), direct));

  it('takes empty variables for none', () => {
    assert.deepEqual(read({ AGENT_PROXYURL: '', AGENT_CAINFO: '', AGENT_SKIPCERTVALIDATION: '' }), direct);
  });

  it('goes through the agent’s proxy', () => {
    assert.deepEqual(read({ AGENT_PROXYURL: 'http://proxy:3128' }), {
      ...direct,
      proxy: { url: 'http://proxy:3128', username: undefined, password: undefined, bypass: [] },
    });
  });

  for (const name of ['AGENT_PROXYPASSWORD', 'SECRET_AGENT_PROXYPASSWORD']) {
    it(`signs in to the proxy with the password that was taken out of the environment: ${name}`, () => {
      assert.deepEqual(
        read({ AGENT_PROXYURL: 'http://proxy:3128', AGENT_PROXYUSERNAME: 'agent' }, { [name]: 'secret' }).proxy,
        { url: 'http://proxy:3128', username: 'agent', password: 'secret', bypass: [] },
      );
    });
  }

  it('drops a proxy’s address that is no absolute URI, as the agent does', () => {
    for (const address of ['proxy', '//proxy:3128', ' ']) assert.deepEqual(read({ AGENT_PROXYURL: address }), direct);
  });

  const lists = [
    {
      name: 'is a JSON array of regular expressions',
      given: '["^https://[^/]*\\\\.contoso\\\\.com","localhost"]',
      expected: ['^https://[^/]*\\.contoso\\.com', 'localhost'],
    },
    { name: 'holds no blank lines, which would match everything', given: '["", "  ", " ok "]', expected: ['ok'] },
    { name: 'passes over what is no text', given: '["ok",7,null]', expected: ['ok'] },
    { name: 'is empty if it is no array', given: '{"a":"b"}', expected: [] },
    { name: 'is empty if it is no JSON', given: 'localhost', expected: [] },
  ];
  for (const { name, given, expected } of lists) {
    it(`has a bypass list that ${name}`, () => {
      const { proxy } = read({ AGENT_PROXYURL: 'http://proxy:3128', AGENT_PROXYBYPASSLIST: given });
      assert.deepEqual(proxy?.bypass, expected);
    });
  }

  it('trusts the company’s certificate authorities', () => {
    assert.deepEqual(read({ AGENT_CAINFO: '/agent/ca.pem' }), { ...direct, caFile: '/agent/ca.pem' });
  });

  const certificates = [
    {
      name: 'as PEM files with their passphrase',
      given: {
        AGENT_CLIENTCERT: '/agent/cert.pem',
        AGENT_CLIENTCERTKEY: '/agent/key.pem',
        AGENT_CLIENTCERTARCHIVE: '/agent/all.pfx',
      },
      expected: { kind: 'pem', certFile: '/agent/cert.pem', keyFile: '/agent/key.pem', passphrase: 'secret' },
    },
    {
      name: 'as an archive',
      given: { AGENT_CLIENTCERTARCHIVE: '/agent/all.pfx' },
      expected: { kind: 'archive', file: '/agent/all.pfx', passphrase: 'secret' },
    },
    {
      name: 'as an archive, where the key is missing beside it',
      given: { AGENT_CLIENTCERT: '/agent/cert.pem', AGENT_CLIENTCERTARCHIVE: '/agent/all.pfx' },
      expected: { kind: 'archive', file: '/agent/all.pfx', passphrase: 'secret' },
    },
  ];
  for (const { name, given, expected } of certificates) {
    it(`shows the agent’s client certificate ${name}`, () => {
      assert.deepEqual(read(given, { AGENT_CLIENTCERTPASSWORD: 'secret' }).clientCertificate, expected);
    });
  }

  it('always checks certificates, whatever the agent’s variable says: a pipeline can set it, too', () => {
    assert.deepEqual(read({ AGENT_SKIPCERTVALIDATION: 'True' }), direct);
  });
});

describe('Settings of the agent that cannot be used', () => {
  const refused: readonly { name: string; given: NodeJS.ProcessEnv; sentence: RegExp }[] = [
    {
      name: 'a file with authorities that is not there',
      given: { AGENT_CAINFO: '/nowhere/ca.pem' },
      sentence:
        /^The file with certificate authorities \/nowhere\/ca\.pem cannot be read \(ENOENT\)\. Agent\.CAInfo .*--sslcacert/,
    },
    {
      name: 'a file with authorities that is none',
      given: { AGENT_CAINFO: 'package.json' },
      sentence: /^The file with certificate authorities package\.json holds no certificates as PEM text\./,
    },
    {
      name: 'a folder in place of that file',
      given: { AGENT_CAINFO: 'docs' },
      sentence: /cannot be read \(EISDIR\)/,
    },
    {
      name: 'a client certificate without its key',
      given: { AGENT_CLIENTCERT: '/agent/cert.pem' },
      sentence: /^A client certificate is given without its key, or a key alone\. .*--sslclientcertkey/,
    },
    {
      name: 'a key without its client certificate',
      given: { AGENT_CLIENTCERTKEY: '/agent/key.pem' },
      sentence: /^A client certificate is given without its key, or a key alone\./,
    },
    {
      name: 'a client certificate that is not there',
      given: { AGENT_CLIENTCERT: '/nowhere/cert.pem', AGENT_CLIENTCERTKEY: '/nowhere/key.pem' },
      sentence: /^The client certificate’s file \/nowhere\/cert\.pem cannot be read \(ENOENT\)\./,
    },
    {
      name: 'a client certificate that is none',
      given: { AGENT_CLIENTCERTARCHIVE: 'package.json' },
      sentence: /^The client certificate in package\.json cannot be used \(.+\): its password is wrong/,
    },
    {
      name: 'a proxy of another protocol',
      given: { AGENT_PROXYURL: 'socks5://user:secret@proxy:1080' },
      sentence: /^The address of the proxy is none that can be used: .*Agent\.ProxyUrl/,
    },
    {
      name: 'a proxy’s host that reads as a scheme',
      given: { AGENT_PROXYURL: 'proxy:3128' },
      sentence: /^The address of the proxy is none that can be used/,
    },
  ];
  for (const { name, given, sentence } of refused) {
    it(`are told in one sentence: ${name}`, () => {
      assert.throws(
        () => checkedNetworkSettings(given, new Map([['AGENT_CLIENTCERTPASSWORD', 'secret']])),
        (error) => {
          assert.ok(error instanceof InputProblems);
          assert.equal(error.problems.length, 1);
          assert.match(error.message, sentence);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        },
      );
    });
  }

  it('are told all at once', () => {
    const given = { AGENT_CAINFO: '/nowhere', AGENT_CLIENTCERT: '/nowhere', AGENT_PROXYURL: 'ftp://proxy' };
    assert.throws(
      () => checkedNetworkSettings(given, new Map()),
      (error) => error instanceof InputProblems && error.problems.length === 3,
    );
  });

  it('are none where the agent has none', () => {
    assert.deepEqual(checkedNetworkSettings({}, new Map()), direct);
  });
});
