import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { pem } from '../../../provider/certificate/pem';
import { selfSigned } from '../../../provider/certificate/self-signed';
import { clientAuthority } from '../../../provider/terraform/wire/client-certificate';

test('2 000 certificates in a loop are all accepted, whatever length their signature has', () => {
  const lengths = new Set<number>();
  const serials = new Set<string>();
  for (let round = 0; round < 2000; round++) {
    const { certificate, certificatePem, keyPem } = selfSigned();
    const read = new X509Certificate(certificatePem);
    expect(read.raw.equals(certificate)).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    createSecureContext({ cert: certificatePem, key: keyPem, ca: certificatePem });
    lengths.add(certificate.length);
    serials.add(read.serialNumber);
  }
  // The signature's length varies, which is what a single green run would hide.
  expect(lengths.size).toBeGreaterThan(1);
  expect(serials.size).toBe(2000);
}, 180_000);

test('a certificate says what engines ask of one', () => {
  const read = new X509Certificate(selfSigned({ now: new Date('2026-11-22T12:00:00Z') }).certificatePem);
  expect(read.ca).toBe(true);
  expect(read.checkHost('localhost')).toBe('localhost');
  expect(read.checkHost('example.org')).toBeUndefined();
  expect(read.subjectAltName).toBe('DNS:localhost');
  // client and server authentication
  expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']);
  expect(read.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect([read.validFrom, read.validTo]).toEqual(['Nov 22 12:00:00 2025 GMT', 'Nov 19 12:00:00 2036 GMT']);
});

test.each(['1970-01-01T00:00:05Z', '2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z', '2070-06-01T00:00:00Z'])(
  'a clock that says %s still makes a certificate that is valid by it',
  (moment) => {
    const now = new Date(moment);
    const read = new X509Certificate(selfSigned({ now }).certificatePem);
    expect(new Date(read.validFrom).getTime()).toBeLessThan(now.getTime());
    expect(new Date(read.validTo).getTime()).toBeGreaterThan(now.getTime());
  },
);

test('PEM has full lines of 64 and never an empty one, also where the base64 fills its last line', () => {
  for (let length = 1; length <= 500; length++) {
    const der = Buffer.alloc(length, 0xa5);
    const [first, ...rest] = pem('CERTIFICATE', der).trimEnd().split('\n');
    const last = rest.pop();
    expect([first, last]).toEqual(['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----']);
    expect(rest.slice(0, -1).every((line) => line.length === 64)).toBe(true);
    expect(rest.at(-1)?.length).toBeGreaterThan(0);
    expect(Buffer.from(rest.join(''), 'base64').equals(der)).toBe(true);
  }
});

describe('the certificate of the engine', () => {
  const { certificatePem } = selfSigned();

  test('is trusted as it is, and nothing that stands beside it', () => {
    const other = selfSigned().certificatePem;
    expect(clientAuthority({ PLUGIN_CLIENT_CERT: certificatePem })).toBe(certificatePem);
    expect(clientAuthority({ PLUGIN_CLIENT_CERT: `${certificatePem}${other}` })).toBe(certificatePem);
  });

  test('is not wanted where the engine switched TLS off', () => {
    expect(clientAuthority({})).toBeNull();
    expect(clientAuthority({ PLUGIN_CLIENT_CERT: '' })).toBeNull();
  });

  test('is refused when cut anywhere or when it is no certificate', () => {
    const body = certificatePem.trimEnd();
    for (let length = 1; length < body.length; length += 7)
      expect(() => clientAuthority({ PLUGIN_CLIENT_CERT: body.slice(0, length) })).toThrow(
        'PLUGIN_CLIENT_CERT cannot be read',
      );
    for (const garbage of [' ', 'x', body.replaceAll(/[A-Z]/g, 'a'), selfSigned().keyPem])
      expect(() => clientAuthority({ PLUGIN_CLIENT_CERT: garbage })).toThrow('cannot be read');
  });
});

test('says for which name and addresses it is', () => {
  const { certificatePem } = selfSigned({ name: 'router.lan', addresses: ['192.168.1.1', '10.0.0.1'] });
  const read = new X509Certificate(certificatePem);
  expect(read.subject).toBe('CN=router.lan');
  expect(read.subjectAltName).toBe('DNS:router.lan, IP Address:192.168.1.1, IP Address:10.0.0.1');
  expect(read.checkIP('10.0.0.1')).toBe('10.0.0.1');
});
