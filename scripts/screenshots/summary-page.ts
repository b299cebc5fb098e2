/** The summary much as the page of a run shows it: its name above it, tables with thin lines. */
export function summaryPage(html: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 16px; background: #f8f8f8; color: rgba(0, 0, 0, .9); font: 14px/20px "Segoe UI", Roboto, Arial, sans-serif; }
  section { background: #fff; border-radius: 4px; box-shadow: 0 1px 4px rgba(0, 0, 0, .2); padding: 16px 20px; }
  h2 { font-size: 17px; margin: 0 0 12px; }
  h3 { font-size: 15px; margin: 20px 0 8px; }
  ul { padding-left: 20px; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border: 1px solid #dadada; padding: 6px 10px; text-align: left; }
  th { background: #f4f4f4; font-weight: 600; }
</style>
<section><h2>Renew PATs (advanced)</h2>${html}</section>`;
}
