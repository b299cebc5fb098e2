import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * What our packages import and a run never uses, with what stands in its place. It would be loaded at every start: axios'
 * ways to send forms, to speak HTTP/2, to follow redirects and to use `fetch` take longer than the rest of axios, most of
 * it because the mere name `FormData` makes Node.js load its own `fetch` (docs/performance.md).
 */
const standIns: readonly { readonly name: string; readonly of: string; readonly contents: string }[] = [
  // With 137 KB of media types.
  { name: 'form-data', of: 'axios', contents: 'module.exports = class FormData {};' },
  { name: 'http2', of: 'axios', contents: 'module.exports = {};' },
  { name: './fetch.js', of: 'axios', contents: 'export const getFetch = () => false; export default false;' },
  { name: './xhr.js', of: 'axios', contents: 'export default false;' },
  // We follow none, and have a proxy agent of our own.
  {
    name: 'follow-redirects',
    of: 'axios',
    contents: 'module.exports = { http: require("http"), https: require("https") };',
  },
  { name: 'https-proxy-agent', of: 'axios', contents: 'module.exports = class HttpsProxyAgent {};' },
  // MSAL signs with it when a service connection has a certificate: loaded then.
  {
    name: 'jsonwebtoken',
    of: '@azure/msal-node',
    contents: 'exports.sign = (...all) => require("jsonwebtoken").sign(...all);',
  },
];

const askForFormData = "typeof G.FormData !== 'undefined' ? G.FormData : undefined";

export const leaveOut: Plugin = {
  name: 'leave out what a run never uses',
  setup(build) {
    const found = new Set<string>();
    // Key Vault's SDK asks whether a body is a form, and that alone would make Node.js load its `fetch`.
    build.initialOptions.define = { ...build.initialOptions.define, FormData: 'undefined' };
    build.onResolve({ filter: new RegExp(`^(?:${standIns.map(({ name }) => escaped(name)).join('|')})$`) }, (asked) => {
      const standIn = standIns.find(({ name, of }) => name === asked.path && isOf(of, asked.importer));
      if (standIn === undefined) return undefined;
      found.add(standIn.name);
      return { path: standIn.name, namespace: 'stand-in' };
    });
    build.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
      contents: standIns.find(({ name }) => name === path)?.contents ?? '',
      resolveDir: import.meta.dirname,
    }));
    build.onLoad({ filter: /node_modules[\\/]axios[\\/]lib[\\/]utils\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (text.includes(askForFormData)) found.add('FormData');
      return { contents: text.replace(askForFormData, 'undefined'), loader: 'js' };
    });
    build.onEnd(() => {
      const gone = [...standIns.map(({ name }) => name), 'FormData'].filter((name) => !found.has(name));
      // A new version of a package may import other things: then somebody has to look.
      return { warnings: gone.map((name) => ({ text: `Nothing imports ${name} any more: see scripts/left-out.ts.` })) };
    });
  },
};

function isOf(name: string, importer: string): boolean {
  return importer.replaceAll('\\', '/').includes(`node_modules/${name}/`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
