// @peculiar/x509 does not load without it.
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** So long that no simulated clock falls out of it. */
const VALIDITY = { notBefore: new Date('2000-01-01T00:00:00Z'), notAfter: new Date('2100-01-01T00:00:00Z') };

/** A certificate authority that lives as long as the process: it vouches for the simulated hosts, and nobody else trusts it. */
export class CertificateAuthority {
  /** The CA's certificate as PEM. */
  readonly pem: string;
  readonly #certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #leafKeys: webcrypto.CryptoKeyPair;
  readonly #contexts = new Map<string, Promise<SecureContext>>();

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair, leafKeys: webcrypto.CryptoKeyPair) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.#leafKeys = leafKeys;
    this.pem = `${certificate.toString('pem')}\n`;
  }

  static async create(): Promise<CertificateAuthority> {
    cryptoProvider.set(webcrypto);
    const [keys, leafKeys] = await Promise.all([generateKeys(), generateKeys()]);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=Renew PATs simulator, O=Not a real authority',
      keys,
      signingAlgorithm: ALGORITHM,
      ...VALIDITY,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(certificate, keys, leafKeys);
  }

  /** Key and certificate for one host; made at the first call, kept for the next. */
  contextFor(host: string): Promise<SecureContext> {
    const known = this.#contexts.get(host);
    if (known !== undefined) return known;
    const context = this.#issue(host);
    this.#contexts.set(host, context);
    return context;
  }

  async #issue(host: string): Promise<SecureContext> {
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${host}`,
      issuer: this.#certificate.subject,
      publicKey: this.#leafKeys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...VALIDITY,
      extensions: [
        new SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ],
    });
    const key = KeyObject.from(this.#leafKeys.privateKey).export({ type: 'pkcs8', format: 'pem' });
    return createSecureContext({ key, cert: `${certificate.toString('pem')}\n${this.pem}` });
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
