import { ConfidentialClientApplication, type Configuration, PublicClientApplication } from '@azure/msal-node';
import { AZURE_POWERSHELL, type Simulator } from '../../simulator/index.ts';
import { clientOf } from './client.ts';

type NetworkModule = NonNullable<NonNullable<Configuration['system']>['networkClient']>;

/** MSAL's requests through the simulator's proxy: its own client, fetch, knows neither proxies nor private CAs. */
function networkOf(simulator: Simulator): NetworkModule {
  const client = clientOf(simulator);
  const send = async <Body>(
    method: string,
    url: string,
    options?: { headers?: Record<string, string>; body?: string },
  ) => {
    const answer = await client.request<Body>({
      method,
      url,
      ...(options?.headers === undefined ? {} : { headers: options.headers }),
      ...(options?.body === undefined ? {} : { data: options.body }),
    });
    return { status: answer.status, headers: answer.headers as Record<string, string>, body: answer.data };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

export interface MsalOptions {
  readonly tenant?: string;
  readonly host?: string;
  readonly clientId?: string;
}

function configuration(simulator: Simulator, options: MsalOptions): Configuration {
  return {
    auth: {
      clientId: options.clientId ?? AZURE_POWERSHELL,
      authority: `https://${options.host ?? 'login.microsoftonline.com'}/${options.tenant ?? 'contoso.example'}`,
    },
    system: { networkClient: networkOf(simulator) },
  };
}

export function publicClient(simulator: Simulator, options: MsalOptions = {}): PublicClientApplication {
  return new PublicClientApplication(configuration(simulator, options));
}

export function confidentialClient(
  simulator: Simulator,
  credential: Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate' | 'clientAssertion'>,
  options: MsalOptions = {},
): ConfidentialClientApplication {
  const { auth, ...rest } = configuration(simulator, options);
  return new ConfidentialClientApplication({ ...rest, auth: { ...auth, ...credential } });
}
