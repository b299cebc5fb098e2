import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { type ClientCertificate, clientCertificate, type NetworkSettings } from './network.ts';

/** What the settings are called where they come from, and how they are given anew. */
export interface NetworkWords {
  readonly proxy: string;
  readonly authorities: string;
  readonly clientCertificate: string;
}

/** All that is wrong with the settings, one sentence each: before anything is sent, and never with a password. */
export function networkProblems(settings: NetworkSettings, words: NetworkWords): readonly string[] {
  const problems = [
    settings.proxy && proxyProblem(settings.proxy.url, words.proxy),
    settings.caFile === undefined ? undefined : authoritiesProblem(settings.caFile, words.authorities),
    settings.clientCertificate && certificateProblem(settings.clientCertificate, words.clientCertificate),
  ];
  return problems.filter((problem) => problem !== undefined);
}

function proxyProblem(address: string, words: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '') return undefined;
  return `The address of the proxy is none that can be used: it has to be such as http://proxy.contoso.com:8080. ${words}`;
}

function authoritiesProblem(file: string, words: string): string | undefined {
  const text = read(file);
  if (typeof text !== 'string')
    return `The file with certificate authorities ${file} cannot be read (${text.code}). ${words}`;
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END/g) ?? [];
  const isReadable = certificates.length > 0 && certificates.every((pem) => isCertificate(`${pem} CERTIFICATE-----`));
  return isReadable
    ? undefined
    : `The file with certificate authorities ${file} holds no certificates as PEM text. ${words}`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function certificateProblem(certificate: ClientCertificate, words: string): string | undefined {
  if (certificate.kind === 'half') return `A client certificate is given without its key, or a key alone. ${words}`;
  const files = certificate.kind === 'pem' ? [certificate.certFile, certificate.keyFile] : [certificate.file];
  for (const file of files) {
    const text = read(file);
    if (typeof text !== 'string')
      return `The client certificate’s file ${file} cannot be read (${text.code}). ${words}`;
  }
  try {
    tls.createSecureContext(clientCertificate(certificate));
    return undefined;
  } catch (error) {
    return (
      `The client certificate in ${files.join(' and ')} cannot be used (${codeOf(error)}): its password is wrong, the key is ` +
      `another certificate’s, or the archive is encrypted in a way that OpenSSL 3 has given up (RC2). ${words}`
    );
  }
}

function read(file: string): string | { readonly code: string } {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    return { code: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';
}
