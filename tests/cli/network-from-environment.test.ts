import assert from 'node:assert/strict';
import { networkFromEnvironment } from '../../cli/network-from-environment.ts';
import { createNetwork } from '../../src/services/network.ts';

describe('the proxy of a command line', () => {
  const viaProxy = (noProxy: string, url: string) =>
    createNetwork(networkFromEnvironment({ HTTPS_PROXY: 'http://proxy:8080', NO_PROXY: noProxy }, undefined)).viaProxy(
      url,
    );

  const cases: readonly [noProxy: string, url: string, viaProxy: boolean][] = [
    ['', 'https://dev.azure.com/', true],
    ['*', 'https://dev.azure.com/', false],
    ['azure.com', 'https://dev.azure.com/contoso', false],
    ['.azure.com', 'https://dev.azure.com/contoso', false],
    ['*.azure.com', 'https://dev.azure.com/contoso', false],
    ['azure.com', 'https://azure.com', false],
    ['.azure.com', 'https://azure.com/', false],
    ['AZURE.com', 'https://dev.azure.com/', false],
    ['azure.com', 'https://notazure.com/', true],
    ['azure.com', 'https://azure.com.example/', true],
    ['dev.azure.com', 'https://vssps.dev.azure.com/', false],
    ['vssps.dev.azure.com', 'https://dev.azure.com/', true],
    ['azure.com', 'https://example.com/azure.com', true],
    ['azure.com', 'https://example.com/?https://azure.com/', true],
    ['a.example, ,b.example  c.example', 'https://c.example/', false],
    ['a.example,b.example', 'https://b.example:8443/', false],
    ['azure.com:443', 'https://dev.azure.com/', false],
    ['azure.com:443', 'https://dev.azure.com:443/', false],
    ['azure.com:8443', 'https://dev.azure.com/', true],
    ['azure.com:8443', 'https://dev.azure.com:8443/', false],
    ['az(ure.com', 'https://dev.azure.com/', true],
    ['azure.com', 'https://azureXcom/', true],
    ['169.254.169.254', 'http://169.254.169.254/metadata', false],
  ];
  for (const [noProxy, url, expected] of cases) {
    it(`${expected ? 'is used' : 'is not used'} for ${url} with NO_PROXY=${JSON.stringify(noProxy)}`, () => {
      assert.equal(viaProxy(noProxy, url), expected);
    });
  }

  const proxyOf = (environment: Record<string, string>) => networkFromEnvironment(environment, undefined).proxy?.url;

  it('is read from the usual variables, in lower case first', () => {
    assert.equal(proxyOf({}), undefined);
    assert.equal(proxyOf({ HTTPS_PROXY: '' }), undefined);
    assert.equal(proxyOf({ https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2' }), 'http://a:1/');
    assert.equal(proxyOf({ ALL_PROXY: 'http://c:3' }), 'http://c:3/');
    assert.equal(proxyOf({ HTTPS_PROXY: 'http://user:pass%20word@d:4' }), 'http://user:pass%20word@d:4/');
  });

  it('may be written without a scheme', () => {
    assert.equal(proxyOf({ HTTPS_PROXY: 'proxy.contoso.com:8080' }), 'http://proxy.contoso.com:8080/');
  });
});
