import assert from 'node:assert/strict';
import type { NetworkSettings } from '../../src/services/network.ts';
import { readNetworkSettings } from '../../tasks/RenewPats/network-settings.ts';

const direct: NetworkSettings = {
  proxy: undefined,
  caFile: undefined,
  clientCertificate: undefined,
  skipCertificateValidation: false,
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

  const lists = [
    {
      name: 'is a JSON array of regular expressions',
      given: '["^https://[^/]*\\\\.contoso\\\\.com/","localhost"]',
      expected: ['^https://[^/]*\\.contoso\\.com/', 'localhost'],
    },
    { name: 'passes over what is no regular expression', given: '["(","ok",7]', expected: ['ok'] },
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
    { name: 'not without its key', given: { AGENT_CLIENTCERT: '/agent/cert.pem' }, expected: undefined },
  ];
  for (const { name, given, expected } of certificates) {
    it(`shows the agent’s client certificate ${name}`, () => {
      assert.deepEqual(read(given, { AGENT_CLIENTCERTPASSWORD: 'secret' }).clientCertificate, expected);
    });
  }

  for (const [given, expected] of [
    ['True', true],
    ['true', true],
    ['False', false],
    ['1', false],
  ] as const) {
    it(`${expected ? 'skips' : 'keeps'} the validation of certificates: ${given}`, () => {
      assert.equal(read({ AGENT_SKIPCERTVALIDATION: given }).skipCertificateValidation, expected);
    });
  }
});
