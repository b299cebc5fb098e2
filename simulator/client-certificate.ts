import { constants, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';

/** A certificate that an app registration trusts for client assertions. */
export interface ClientCertificate {
  readonly publicKey: KeyObject;
  /** `x5t` (SHA-1) and `x5t#S256` as client assertions name the certificate. */
  readonly thumbprints: readonly string[];
}

/** @param pem the certificate as PEM; a private key beside it is ignored. */
export function clientCertificate(pem: string): ClientCertificate {
  const certificate = new X509Certificate(pem);
  const thumbprint = (fingerprint: string): string =>
    Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
  return {
    publicKey: createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' })),
    thumbprints: [thumbprint(certificate.fingerprint), thumbprint(certificate.fingerprint256)],
  };
}

/** Was this assertion signed with the certificate's key (RS256 or PS256)? */
export function verifiesAssertion(certificate: ClientCertificate, token: string): boolean {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const { alg, x5t, 'x5t#S256': x5t256 } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const names: unknown[] = [x5t, x5t256];
  const matches = certificate.thumbprints.some((thumbprint) => names.includes(thumbprint));
  const padding =
    alg === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { padding: constants.RSA_PKCS1_PADDING };
  const signed = Buffer.from(`${header}.${claims}`);
  return (
    matches && verify('sha256', signed, { key: certificate.publicKey, ...padding }, Buffer.from(signature, 'base64url'))
  );
}
