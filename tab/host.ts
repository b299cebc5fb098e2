import * as SDK from 'azure-devops-extension-sdk';
import type { BuildPlace } from './attachments.ts';

/** The page of Azure DevOps around this one. The only module that knows the SDK. */
export interface Host {
  /** Calls back with the build that the page shows, now and whenever it changes. */
  readonly onBuild: (show: (build: Build) => void) => void;
  /** The id of the project that the page is about. @throws Error if it is about none */
  readonly projectId: () => string;
  /** The page is there: the host takes its own sign of waiting away. */
  readonly tellLoaded: () => void;
  /** Where the REST API of builds is, with a slash at the end: `https://dev.azure.com/contoso/`. */
  readonly apiUrl: () => Promise<string>;
  /** A token for this user and this extension's scopes. It lives for a short time: ask for each request. */
  readonly accessToken: () => Promise<string>;
}

export interface Build extends BuildPlace {
  readonly isRunning: boolean;
}

/** Resource area of builds (`BuildRestClient.RESOURCE_AREA_ID` of azure-devops-extension-api). */
const buildArea = '965220d5-5bb9-42cf-8d67-9b146df2a5a4';

interface LocationService {
  readonly getResourceAreaLocation: (area: string) => Promise<string>;
}

/** What the host says of a build; the rest is not needed. */
interface HostBuild {
  readonly id?: number;
  readonly project?: { readonly id?: string };
  /** 2: completed (`BuildStatus` of azure-devops-extension-api). */
  readonly status?: number;
}

interface Configuration {
  readonly onBuildChanged?: (handler: (build: HostBuild) => void) => void;
}

interface BuildPageDataService {
  readonly getBuildPageData: () => Promise<{ readonly build?: HostBuild } | undefined>;
}

/** @param onTheme called when the host's colours have come, or have changed */
export async function connectHost(onTheme: () => void): Promise<Host> {
  window.addEventListener('themeApplied', onTheme);
  await SDK.init({ loaded: false, applyTheme: true });
  await SDK.ready();
  return {
    onBuild: (show) => {
      const tell = (build: HostBuild) => {
        const projectId = build.project?.id ?? SDK.getWebContext()?.project?.id;
        if (build.id !== undefined && projectId !== undefined)
          show({ id: build.id, projectId, isRunning: build.status !== 2 });
      };
      const { onBuildChanged }: Configuration = SDK.getConfiguration();
      if (onBuildChanged !== undefined) onBuildChanged(tell);
      else void pageBuild().then((build) => build !== undefined && tell(build));
    },
    projectId: () => {
      const id = SDK.getWebContext()?.project?.id;
      if (id === undefined) throw new Error('Azure DevOps does not say which project this page belongs to.');
      return id;
    },
    tellLoaded: () => void SDK.notifyLoadSucceeded(),
    apiUrl: async () => {
      const service = await SDK.getService<LocationService>('ms.vss-features.location-service');
      const url = await service.getResourceAreaLocation(buildArea);
      return url.endsWith('/') ? url : `${url}/`;
    },
    accessToken: () => SDK.getAccessToken(),
  };
}

/** Pages that hand over no `onBuildChanged` have this service. */
async function pageBuild(): Promise<HostBuild | undefined> {
  const service = await SDK.getService<BuildPageDataService>('ms.vss-build-web.build-page-data-service');
  return (await service.getBuildPageData())?.build;
}
