import assert from 'node:assert/strict';
import { problemsOf, settingsOf } from './pipeline.ts';

describe('the organization', () => {
  const forms = [
    { name: 'by name', given: 'contoso', expected: ['contoso'] },
    { name: 'by its address', given: 'https://dev.azure.com/contoso/', expected: ['contoso'] },
    { name: 'by its address without the slash', given: 'https://dev.azure.com/contoso', expected: ['contoso'] },
    { name: 'by a project’s address', given: 'https://dev.azure.com/contoso/project/_git/x', expected: ['contoso'] },
    { name: 'by its address without https://', given: 'dev.azure.com/contoso', expected: ['contoso'] },
    { name: 'by its older address', given: 'https://contoso.visualstudio.com/', expected: ['contoso'] },
    {
      name: 'by its older address with a collection',
      given: 'https://Contoso.VisualStudio.com/DefaultCollection',
      expected: ['contoso'],
    },
    {
      name: 'as the clone button gives it',
      given: 'https://contoso@dev.azure.com/contoso/My%20project/_git/repo',
      expected: ['contoso'],
    },
    {
      name: 'as the clone button gives it, without https://',
      given: 'me@dev.azure.com/contoso/p',
      expected: ['contoso'],
    },
    {
      name: 'as the clone button gives it for SSH',
      given: 'git@ssh.dev.azure.com:v3/contoso/p/repo',
      expected: ['contoso'],
    },
    { name: 'by an SSH address', given: 'ssh://git@ssh.dev.azure.com/v3/contoso/p/repo', expected: ['contoso'] },
    {
      name: 'by an older SSH address',
      given: 'contoso@vs-ssh.visualstudio.com:v3/contoso/p/repo',
      expected: ['contoso'],
    },
    {
      name: 'by a feed’s address',
      given: 'https://pkgs.dev.azure.com/contoso/_packaging/x/nuget',
      expected: ['contoso'],
    },
    {
      name: 'by a feed’s older address',
      given: 'https://contoso.pkgs.visualstudio.com/_packaging/x',
      expected: ['contoso'],
    },
    {
      name: 'by its older address and a collection, without https://',
      given: 'contoso.visualstudio.com/DefaultCollection',
      expected: ['contoso'],
    },
    {
      name: 'by a page’s address with a query',
      given: 'https://dev.azure.com/contoso/_usersSettings/tokens?x=1#y',
      expected: ['contoso'],
    },
    {
      name: 'several, separated by commas',
      given: 'contoso, https://dev.azure.com/fabrikam/,adatum',
      expected: ['contoso', 'fabrikam', 'adatum'],
    },
    {
      name: 'each once, in whatever case',
      given: 'contoso, fabrikam, https://dev.azure.com/contoso/',
      expected: ['contoso', 'fabrikam'],
    },
    { name: 'with commas too many', given: ',contoso,,', expected: ['contoso'] },
  ];
  for (const { name, given, expected } of forms) {
    it(`is given ${name}`, () => assert.deepEqual(settingsOf({ organization: given }).organizations, expected));
  }

  it('is given once when only the case differs', () => {
    assert.equal(settingsOf({ organization: 'contoso,Contoso' }).organizations.length, 1);
  });

  const server =
    'is no organization of Azure DevOps Services, such as contoso or https://dev.azure.com/contoso/ (Azure DevOps Server ' +
    'has no API for PATs).';
  const refused = [
    {
      name: 'over http://',
      given: 'http://dev.azure.com/contoso/',
      problem: '"http://dev.azure.com/contoso/" would send secrets in the clear. Use https://.',
    },
    {
      name: 'on Azure DevOps Server',
      given: 'https://tfs.contoso.com/tfs/',
      problem: `"https://tfs.contoso.com/tfs/" ${server}`,
    },
    { name: 'without a name', given: 'https://dev.azure.com/', problem: `"https://dev.azure.com/" ${server}` },
    {
      name: 'on a host that only looks alike',
      given: 'https://dev.azure.com.evil.example/contoso',
      problem: `"https://dev.azure.com.evil.example/contoso" ${server}`,
    },
    {
      name: 'with a password in the address, which is not repeated',
      given: 'https://me:pa55word@dev.azure.com/contoso',
      problem: 'it holds a password before the @. Give the organization’s name, and change that password.',
    },
    {
      name: 'over http:// with a password in the address, which is not repeated either',
      given: 'http://me:pa55word@dev.azure.com/contoso',
      problem: 'it holds a password before the @. Give the organization’s name, and change that password.',
    },
    {
      name: 'by the address of Visual Studio itself',
      given: 'https://app.vssps.visualstudio.com/_signin',
      problem: `"https://app.vssps.visualstudio.com/_signin" ${server}`,
    },
    {
      name: 'behind an @ on a host that only looks alike',
      given: 'https://dev.azure.com@evil.example/contoso',
      problem: '"https://dev.azure.com@evil.example/contoso" is neither an organization’s name nor its address.',
    },
    {
      name: 'with a character that no name has',
      given: 'con toso',
      problem: '"con toso" is neither an organization’s name nor its address.',
    },
    { name: 'of commas only', given: ', ,', problem: 'it names no organization.' },
  ];
  for (const { name, given, problem } of refused) {
    it(`is refused ${name}`, () => {
      assert.deepEqual(problemsOf({ organization: given }), [`Input organization: ${problem}`]);
    });
  }

  it('is refused one by one', () => {
    assert.deepEqual(problemsOf({ organization: 'contoso, a b, http://x' }), [
      'Input organization: "a b" is neither an organization’s name nor its address.',
      'Input organization: "http://x" would send secrets in the clear. Use https://.',
    ]);
  });
});
