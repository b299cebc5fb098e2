import { Marked } from 'marked';

/**
 * docs/troubleshooting.md as a page of the extension, for the pages that show what failed to link to. Headings and the
 * codes of services are anchors: `#AADSTS50126`. Links to other files of docs/ become text, they are not in the package.
 */
export function troubleshootingPage(markdown: string): string {
  const anchors = new Set<string>();
  const anchor = (name: string) => {
    if (anchors.has(name) || !/^[\w-]+$/.test(name)) return '';
    anchors.add(name);
    return ` id="${name}"`;
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const name = text
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-');
        return `<h${depth}${anchor(name)}>${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      strong({ tokens, text }) {
        return `<strong${anchor(text)}>${this.parser.parseInline(tokens)}</strong>`;
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens);
        return /^(?:#|https:)/.test(href) ? `<a href="${href}">${words}</a>` : words;
      },
    },
  });
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
    <meta name="viewport" content="width=device-width" />
    <title>Renew PATs: troubleshooting</title>
    <style>
      :root { color-scheme: light dark; }
      body { max-width: 50rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
      blockquote { margin: 0.5rem 0; padding: 0.25rem 1rem; border-left: 4px solid #8a5a00; }
      :target { outline: 2px solid #0078d4; outline-offset: 4px; }
      pre { overflow-x: auto; }
      table { display: block; overflow-x: auto; }
    </style>
  </head>
  <body>
${marked.parse(markdown, { async: false })}  </body>
</html>
`;
}
