/**
 * DER as PEM (RFC 7468): base64 in lines of 64. There is never an empty line, which OpenSSL refuses, also where the
 * base64 fills its last line.
 */
export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
