import { PortforwardError } from '../../rule/error';

/** The plugin protocol that we speak: 6, by its .proto 6.11. */
export const PROTOCOL = 6;

/** By this the engines tell a plugin that it was started by one of them. Public, and no protection. */
const COOKIE = {
  name: 'TF_PLUGIN_MAGIC_COOKIE',
  value: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
};

/** Who started this process: an engine, a person, or a program with plugins of another kind. */
export function starter(env: NodeJS.ProcessEnv): 'engine' | 'person' | 'stranger' {
  const cookie = env[COOKIE.name];
  if (cookie === undefined || cookie === '') return 'person';
  return cookie === COOKIE.value ? 'engine' : 'stranger';
}

/** Throws `version` where the engine does not speak our protocol. */
export function checkVersions(env: NodeJS.ProcessEnv): void {
  const offered = (env.PLUGIN_PROTOCOL_VERSIONS ?? '').split(',').map((text) => text.trim());
  if (offered.includes(String(PROTOCOL))) return;
  const said = offered.filter((text) => /^\d+$/.test(text)).join(', ') || 'none';
  throw new PortforwardError(
    'version',
    `portforward speaks plugin protocol ${PROTOCOL}; this engine offers ${said}.`,
    { hint: 'Use Terraform 1.0 or later, or any OpenTofu.' },
  );
}

/** The line by which the engine finds us. It takes base64 without padding only. */
export function handshakeLine(socket: string, certificate: Buffer | null): string {
  const proof = certificate === null ? '' : certificate.toString('base64').replace(/=+$/, '');
  return `1|${PROTOCOL}|unix|${socket}|grpc|${proof}`;
}
