/** The requests of *simple* without any of the task's packages: what a program that sends them takes at least. */
import { newEnd, signIn } from './plain-client.ts';

void signIn().then(async ({ list, change }) => {
  const [active] = await Promise.all([list('active'), list('expired')]);
  for (const { authorizationId, displayName, scope } of active)
    await change('PUT', '', { authorizationId, displayName, scope, validTo: newEnd, allOrgs: false });
  console.log('result=Succeeded');
  process.exit(0);
});
