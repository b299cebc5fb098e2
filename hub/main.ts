import { connectHost, type Host } from '../tab/host.ts';
import { applyTheme } from '../tab/theme.ts';
import { gather } from './gather.ts';
import { showHub } from './page.ts';

const root = document.querySelector<HTMLElement>('#page');
if (root !== null) start(root);

function start(page: HTMLElement): void {
  const failed = (error: unknown, retry: () => void) =>
    showHub(page, { kind: 'error', why: error instanceof Error ? error.message : String(error), retry });
  const load = async (host: Host): Promise<void> => {
    try {
      const pipelines = await gather(host, (done, all) => showHub(page, { kind: 'loading', done, all }));
      showHub(page, {
        kind: 'read',
        pipelines,
        now: Date.now(),
        projectUrl: `${await host.apiUrl()}${encodeURIComponent(host.projectId())}/`,
        again: () => void load(host),
      });
    } catch (error) {
      failed(error, () => void load(host));
    }
  };
  showHub(page, { kind: 'loading', done: 0, all: 0 });
  connectHost(applyTheme)
    .then((host) => {
      host.tellLoaded();
      return load(host);
    })
    .catch((error: unknown) => failed(error, () => location.reload()));
}
