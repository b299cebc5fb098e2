import 'reflect-metadata';
import { createHash, KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
} as const;

/** A certificate with its key, as a service principal signs in with. */
export async function makeClientKey(): Promise<{
  readonly certificate: string;
  readonly privateKey: string;
  readonly thumbprintSha256: string;
}> {
  cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const issued = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Renew PATs pipeline',
    keys,
    signingAlgorithm: RSA,
    notBefore: new Date('2000-01-01T00:00:00Z'),
    notAfter: new Date('2100-01-01T00:00:00Z'),
  });
  const certificate = issued.toString('pem');
  return {
    certificate,
    privateKey: String(KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })),
    thumbprintSha256: createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex'),
  };
}
