import { readAttachments } from './attachments.ts';
import { type Build, connectHost, type Host } from './host.ts';
import { type PageState, showPage } from './page.ts';
import { readReport } from './report.ts';
import { applyTheme } from './theme.ts';

const root = document.querySelector<HTMLElement>('#page');
if (root !== null) start(root);

function start(page: HTMLElement): void {
  const show = (state: PageState) => showPage(page, state, Date.now());
  const failed = (error: unknown, retry: () => void) =>
    show({ kind: 'error', why: error instanceof Error ? error.message : String(error), retry });
  show({ kind: 'loading' });
  connectHost(applyTheme)
    .then((host) => {
      const load = loader(host, show, failed);
      host.onBuild((build) => void load(build));
      host.tellLoaded();
    })
    .catch((error: unknown) => failed(error, () => location.reload()));
}

/** Reads a build's reports; the host tells of a running build again and again, so what is shown stays unless it is news. */
function loader(
  host: Host,
  show: (state: PageState) => void,
  failed: (error: unknown, retry: () => void) => void,
): (build: Build) => Promise<void> {
  let latest = 0;
  let shown: string | undefined;
  const load = async (build: Build): Promise<void> => {
    const turn = ++latest;
    try {
      const attachments = await readAttachments(host, build);
      const news = JSON.stringify([build.id, attachments.length === 0 && build.isRunning, attachments]);
      if (turn !== latest || news === shown) return;
      shown = news;
      show(
        attachments.length === 0
          ? { kind: 'nothing', isRunning: build.isRunning }
          : { kind: 'reports', reports: attachments.map(readReport) },
      );
    } catch (error) {
      if (turn !== latest) return;
      shown = undefined;
      failed(error, () => {
        show({ kind: 'loading' });
        void load(build);
      });
    }
  };
  return load;
}
