import { X509Certificate } from 'node:crypto';
import { pem } from '../../certificate/pem';
import { PortforwardError } from '../../rule/error';

/**
 * The one authority that our socket trusts: the certificate which the engine made for this run and put into our
 * environment. Null where it wants none (`TF_DISABLE_PLUGIN_TLS`). Throws `invalid` for one that cannot be read: to go
 * on without it would open the socket to strangers.
 */
export function clientAuthority(env: NodeJS.ProcessEnv): string | null {
  const text = env.PLUGIN_CLIENT_CERT;
  if (text === undefined || text === '') return null;
  try {
    // Written anew, so that what was read and nothing that stands beside it is trusted.
    return pem('CERTIFICATE', new X509Certificate(text).raw);
  } catch (cause) {
    throw new PortforwardError(
      'invalid',
      'The certificate that the engine sent in PLUGIN_CLIENT_CERT cannot be read.',
      {
        hint: 'Run again; where it comes back, something changes or shortens the environment on its way to the plugin.',
        cause,
      },
    );
  }
}
