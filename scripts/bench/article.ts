/**
 * What the published article does, "Automatic PAT renewal for Azure DevOps": sign in, list, and then for each PAT, one after
 * another, revoke it and make a new one. Its own page is not enough for many PATs: here all pages are read. It is spared
 * what takes longest there, the installation of a PowerShell module in each run.
 */
import { newEnd, signIn } from './plain-client.ts';

void signIn().then(async ({ list, change }) => {
  for (const { authorizationId, displayName, scope } of await list('active')) {
    await change('DELETE', `&authorizationId=${authorizationId}`);
    await change('POST', '', { displayName, scope, validTo: newEnd, allOrgs: false });
  }
  console.log('result=Succeeded');
  process.exit(0);
});
