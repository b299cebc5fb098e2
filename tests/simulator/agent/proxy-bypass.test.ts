import assert from 'node:assert/strict';
import { bypassesProxy } from '../../../simulator/agent/proxy-bypass.ts';
import { createNetwork } from '../../../src/services/network.ts';
import { readNetworkSettings } from '../../../tasks/RenewPats/network-settings.ts';

describe("the agent's rule for what bypasses its proxy", () => {
  const cases = [
    { name: 'nothing is listed', list: [], address: 'https://dev.azure.com/', bypasses: false },
    {
      name: 'a part of the host fits',
      list: ['azure\\.com'],
      address: 'https://dev.azure.com/contoso',
      bypasses: true,
    },
    { name: 'in any case', list: ['DEV\\.AZURE'], address: 'https://dev.azure.com/', bypasses: true },
    {
      name: 'what fits stands in the path only',
      list: ['contoso.com'],
      address: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
      bypasses: false,
    },
    {
      name: 'what fits stands in the query only',
      list: ['contoso'],
      address: 'https://a.net/?b=contoso',
      bypasses: false,
    },
    {
      name: 'the scheme is part of it',
      list: ['^https://dev\\.azure\\.com$'],
      address: 'https://dev.azure.com/x',
      bypasses: true,
    },
    { name: "a scheme's own port is not", list: [':443'], address: 'https://dev.azure.com:443/', bypasses: false },
    { name: 'another port is', list: [':8443$'], address: 'https://vault.contoso.com:8443/', bypasses: true },
    {
      name: 'an entry is no regular expression',
      list: ['*.contoso.com', '(', 'net$'],
      address: 'https://a.net',
      bypasses: true,
    },
    { name: 'an entry is blank', list: ['  ', ''], address: 'https://dev.azure.com/', bypasses: false },
    { name: 'blanks surround an entry', list: [' ^https://dev '], address: 'https://dev.azure.com/', bypasses: true },
    { name: 'it is this machine', list: [], address: 'http://localhost:8080/', bypasses: true },
    { name: "it is this machine's address", list: [], address: 'http://127.0.0.1:8080/', bypasses: true },
    { name: "it is this machine's newer address", list: [], address: 'https://[::1]/', bypasses: true },
    {
      name: 'a host only begins like this machine',
      list: [],
      address: 'https://localhost.contoso.com/',
      bypasses: false,
    },
  ];
  for (const { name, list, address, bypasses } of cases) {
    it(`${bypasses ? 'lets it pass by' : 'does not let it pass by'}: ${name}`, () => {
      assert.equal(bypassesProxy(address, list), bypasses);
    });

    it(`is the task's rule as well: ${name}`, () => {
      const environment = { AGENT_PROXYURL: 'http://proxy:3128', AGENT_PROXYBYPASSLIST: JSON.stringify(list) };
      const network = createNetwork(readNetworkSettings(environment, new Map()));
      assert.equal(network.viaProxy(address), !bypasses);
    });
  }
});
