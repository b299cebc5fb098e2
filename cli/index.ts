#!/usr/bin/env node
import manifest from '../package.json' with { type: 'json' };
import { exitCodes } from './exit-codes.ts';
import { main } from './main.ts';

// Our connections do not ask it; without it, Node does not say that certificates are not checked.
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

const stopping = new AbortController();
process.on('SIGINT', () => stopping.abort(exitCodes.interrupted));
// Ctrl+Break, on Windows.
process.on('SIGBREAK', () => stopping.abort(exitCodes.interrupted));
process.on('SIGTERM', () => stopping.abort(exitCodes.terminated));
// Whoever read the output has gone (`| head`): that is no reason to stop half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

void main({
  args: process.argv.slice(2),
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  platform: process.platform,
  version: manifest.version,
  stopping: stopping.signal,
}).then((code) => process.exit(code));
