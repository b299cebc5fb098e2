import { serviceNow } from '../service-time.ts';
import type { ServiceName } from '../settings.ts';
import type { World } from '../world.ts';
import { DEVOPS_HOST, devopsService } from './devops.ts';
import { entraService, loginHosts } from './entra.ts';
import type { HttpAnswer, HttpRequest, Service } from './exchange.ts';
import { instanceMetadataService, METADATA_HOST } from './instance-metadata.ts';
import { vaultDomains, vaultService } from './key-vault.ts';
import { PAT_HOST, patService } from './pats.ts';
import { SIGN_IN_HOST, signInPageService } from './sign-in-page.ts';

/** The service behind a host name, or undefined if the world has no such host: it cannot be resolved then. */
export function serviceAt(world: World, host: string): Service | undefined {
  if (loginHosts.has(host)) return entraService;
  if (host === PAT_HOST) return patService;
  if (host === DEVOPS_HOST) return devopsService;
  if (host === SIGN_IN_HOST) return signInPageService;
  if (host === METADATA_HOST) return instanceMetadataService;
  const domain = host.slice(host.indexOf('.') + 1);
  return vaultDomains.has(domain) && world.vaults.vault(host) !== undefined ? vaultService : undefined;
}

/** Carries a request out and answers it, without any socket. The answer's date is the world's. */
export function answerRequest(world: World, request: HttpRequest): HttpAnswer {
  const service = serviceAt(world, request.host);
  if (service === undefined) throw new Error(`The world has no host ${request.host}.`);
  return dated(world, request.host, service.answer(world, request));
}

/** An answer carries its service's time: it is what the product goes by. */
export function dated(world: World, host: string, answer: HttpAnswer): HttpAnswer {
  const { settings } = world;
  if (!settings.sendsDate) return answer;
  const service = serviceName(host);
  const date = serviceNow(world, service) + (settings.dateAheadSeconds[service] ?? 0) * 1000;
  return { ...answer, headers: { date: new Date(date).toUTCString(), ...answer.headers } };
}

function serviceName(host: string): ServiceName {
  if (loginHosts.has(host) || host === METADATA_HOST) return 'entra';
  return vaultDomains.has(host.slice(host.indexOf('.') + 1)) ? 'keyVault' : 'azureDevOps';
}
