import { selfSigned } from '../../../provider/certificate/self-signed';
import type { TlsIdentity } from './options';

/**
 * A key and a certificate that signs itself, such as a router makes when it starts for the first time. Its name is the
 * host's, which is seldom what one asks for; the addresses are a kindness of this simulator to who wants to check them.
 */
export function ownIdentity(hostname: string): TlsIdentity {
  const { keyPem, certificatePem } = selfSigned({ name: hostname, addresses: ['127.0.0.1'] });
  return { key: keyPem, cert: certificatePem };
}
