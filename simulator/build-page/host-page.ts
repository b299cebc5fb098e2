/**
 * A page of Azure DevOps around a page of ours, in as little as that takes: it answers the messages that
 * azure-devops-extension-sdk sends (XDM.js of that package says how), and calls a results tab back with the build.
 */
export function hostPage(setting: {
  readonly contribution: string;
  readonly frameUrl: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly projectId: string;
  readonly theme: Readonly<Record<string, string>>;
  /** Undefined: the page is about the project. */
  readonly build: HostBuild | undefined;
  /** False: the host tells of no build, and the page service has it. */
  readonly tellsBuild: boolean;
}): string {
  // Inside a script element, < would be markup.
  const data = JSON.stringify(setting).replaceAll('<', '\\u003c');
  return `<!doctype html>
<title>Operations</title>
<style>
  html, body, iframe { width: 100%; height: 100%; margin: 0; border: 0; display: block; }
</style>
<iframe src="${setting.frameUrl}" title="Personal access tokens"></iframe>
<script>
  const setting = ${data};
  const frame = document.querySelector('iframe');
  let listener;
  let ids = 0;
  const send = (message) => frame.contentWindow.postMessage(JSON.stringify(message), '*');
  const callBack = (id, ...params) =>
    send({ id: ++ids, methodName: 'proxy' + id, instanceId: '__proxyFunctions', params });

  const functions = {
    proxy1: (handler) => {
      listener = handler.__proxyFunctionId;
      callBack(listener, setting.build);
    },
    proxy2: () => setting.apiUrl,
    proxy3: () => ({ build: setting.build }),
  };
  const functionCalled = (number) => ({ __proxyFunctionId: number, _channelId: 1 });
  const services = {
    'ms.vss-features.location-service': { getResourceAreaLocation: functionCalled(2) },
    'ms.vss-build-web.build-page-data-service': { getBuildPageData: functionCalled(3) },
  };
  const methods = {
    ...functions,
    initialHandshake: () => ({
      contributionId: 'renew-pats.renew-pats.' + setting.contribution,
      initialConfig: setting.tellsBuild ? { onBuildChanged: functionCalled(1) } : {},
      themeData: setting.theme,
      context: {
        extension: { id: 'renew-pats.renew-pats' },
        user: { name: 'ada@contoso.com' },
        host: { name: 'contoso', isHosted: true },
        pageContext: { webContext: { project: { id: setting.projectId, name: 'Operations' } } },
      },
    }),
    getService: (id) => services[id],
    getAccessToken: () => ({ token: setting.token }),
    notifyLoadSucceeded: () => { document.title += ' (page loaded)'; },
  };

  addEventListener('message', ({ source, data }) => {
    const message = source === frame.contentWindow ? JSON.parse(data) : {};
    if (message.methodName === undefined) return;
    const method = methods[message.methodName];
    const { id, handshakeToken } = message;
    if (method === undefined) send({ id, handshakeToken, error: { message: 'no ' + message.methodName } });
    else send({ id, handshakeToken, result: method(...(message.params ?? [])) });
  });

  /** The build goes on, or the reader changes the theme. */
  window.tellBuild = (build) => callBack(listener, build);
  window.tellTheme = (theme) => send({
    id: ++ids,
    methodName: 'dispatchEvent',
    instanceId: 'DevOps.SdkClient',
    params: ['themeChanged', { detail: { data: theme } }],
  });
</script>
`;
}

export interface HostBuild {
  readonly id: number;
  /** 1: in progress, 2: completed. */
  readonly status: 1 | 2;
  readonly project?: { readonly id: string };
}
