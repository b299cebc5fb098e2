import { arch, hostname, platform } from 'node:os';
import type { WorkFolders } from './work-folders.ts';

export interface AgentProxy {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Regular expressions of URLs that are reached directly. */
  readonly bypassList?: readonly string[];
}

export interface JobSettings {
  readonly hostType: 'build' | 'release';
  readonly collectionUri: string;
  /** The job's own token (System.AccessToken). */
  readonly accessToken: string;
  readonly agentVersion: string;
  readonly isDebug: boolean;
  readonly hasReadOnlyVariables: boolean;
  readonly proxy?: AgentProxy;
  /** Path of a file with the certificates of a company's own authorities. */
  readonly caInfo?: string;
}

const projectId = '8d3c5b7a-90c4-4b06-a1c5-6f1f2f0ad3b1';
const planId = '5f2d8a6e-3f0b-4c6c-9b44-1d5b0c7e9a21';
const jobId = '12f1170f-54f2-53f3-20dd-22fc7dff55f9';

/** The variables that every job has. */
export function predefinedVariables(settings: JobSettings, folders: WorkFolders): Record<string, string> {
  const { hostType, collectionUri, proxy } = settings;
  const isBuild = hostType === 'build';
  return {
    'System.HostType': hostType,
    // Classic releases know only the older name.
    ...(isBuild ? { 'System.CollectionUri': collectionUri } : {}),
    'System.TeamFoundationCollectionUri': collectionUri,
    'System.TeamFoundationServerUri': collectionUri,
    'System.CollectionId': 'c1f3d5a7-2b4e-4d6f-8a9b-0c1d2e3f4a5b',
    'System.TeamProject': 'Operations',
    'System.TeamProjectId': projectId,
    'System.DefinitionId': '42',
    'System.PlanId': planId,
    'System.JobId': jobId,
    'System.TimelineId': planId,
    'System.ServerType': 'Hosted',
    'System.Culture': 'en-US',
    'System.EnableAccessToken': 'SecretVariable',
    'System.OidcRequestUri': `${collectionUri}${projectId}/_apis/distributedtask/hubs/${hostType}/plans/${planId}/jobs/${jobId}/oidctoken`,
    'System.DefaultWorkingDirectory': folders.sources,
    'System.WorkFolder': folders.work,
    ...(settings.isDebug ? { 'System.Debug': 'true' } : {}),
    'Agent.Id': '7',
    'Agent.Name': 'simulated agent',
    'Agent.MachineName': hostname(),
    'Agent.Version': settings.agentVersion,
    'Agent.OS': { linux: 'Linux', darwin: 'Darwin', win32: 'Windows_NT' }[platform() as string] ?? 'Linux',
    'Agent.OSArchitecture': arch().toUpperCase(),
    'Agent.JobName': 'Job',
    'Agent.JobStatus': 'Succeeded',
    ...(settings.hasReadOnlyVariables ? { 'Agent.ReadOnlyVariables': 'True' } : {}),
    'Agent.HomeDirectory': folders.root,
    'Agent.RootDirectory': folders.work,
    'Agent.WorkFolder': folders.work,
    'Agent.BuildDirectory': folders.job,
    'Agent.TempDirectory': folders.temp,
    'Agent.ToolsDirectory': folders.tools,
    ...(isBuild
      ? {
          'Build.BuildId': '1001',
          'Build.BuildNumber': '20261123.1',
          'Build.DefinitionName': 'Renew PATs',
          'Build.SourcesDirectory': folders.sources,
        }
      : {
          'Release.ReleaseId': '1001',
          'Release.ReleaseName': 'Release-1',
          'Release.DefinitionName': 'Renew PATs',
          'Release.EnvironmentName': 'Stage 1',
        }),
    ...(proxy === undefined ? {} : { 'Agent.ProxyUrl': proxy.url }),
    ...(proxy?.username === undefined ? {} : { 'Agent.ProxyUsername': proxy.username }),
    ...(proxy?.bypassList === undefined ? {} : { 'Agent.ProxyBypassList': JSON.stringify(proxy.bypassList) }),
    ...(settings.caInfo === undefined ? {} : { 'Agent.CAInfo': settings.caInfo }),
  };
}

/** The secret ones of them. */
export function predefinedSecrets({ accessToken, proxy }: JobSettings): Record<string, string> {
  return {
    'System.AccessToken': accessToken,
    ...(proxy?.password === undefined ? {} : { 'Agent.ProxyPassword': proxy.password }),
  };
}
