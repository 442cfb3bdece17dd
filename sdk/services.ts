/** To whom a part of a service should be open at most. */
export type Audience =
  /** Made to face the whole internet. */
  | 'everyone'
  /** Only networks that you name in `sources`. */
  | 'known-networks'
  /** Better reached through a VPN; forward it only for a while and to named networks. */
  | 'nobody';

/** One port, or one range, of a service. Each becomes one rule. */
export interface ServicePart {
  /** Kept for ever: it becomes part of a rule's name, as `<service>-<part>`. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'tcp+udp';
  /** As `externalPort` of a rule takes it. */
  readonly ports: number | string;
  /** False: the service works without it. */
  readonly required: boolean;
  /** False: the protocol or its clients expect this very number outside. */
  readonly externalMayDiffer: boolean;
  /** What may happen to who exposes it, in one sentence. */
  readonly risk: string;
  readonly openAtMost: Audience;
}

/** What people mean by "my web server": the ports it needs, and what to know before opening them. */
export interface ServicePreset {
  readonly title: string;
  readonly parts: readonly ServicePart[];
}

/** The ids, spelled out so that programs complete them and a removed one fails to compile. */
export type ServiceId = 'web' | 'ssh' | 'ftp' | 'remote-desktop' | 'wireguard' | 'minecraft' | 'rtsp-camera';

/**
 * Presets as plain data, by id. Ids and part names are kept for ever.
 *
 * @example
 * for (const part of services.ftp.parts)
 *   new PortForwardRule(`ftp-${part.name}`, { protocol: part.protocol, externalPort: part.ports, internalAddress: nas }, { gateway });
 */
export const services: Readonly<Record<ServiceId, ServicePreset>> = {
  web: {
    title: 'Web server',
    parts: [
      {
        name: 'https',
        protocol: 'tcp',
        ports: 443,
        required: true,
        externalMayDiffer: true,
        risk: 'Every page without a login is public, and scanners try known holes within minutes.',
        openAtMost: 'everyone',
      },
      {
        name: 'http',
        protocol: 'tcp',
        ports: 80,
        required: false,
        externalMayDiffer: false,
        risk: 'Nothing is encrypted: serve redirects and certificate challenges only.',
        openAtMost: 'everyone',
      },
      {
        name: 'http3',
        protocol: 'udp',
        ports: 443,
        required: false,
        externalMayDiffer: true,
        risk: 'The same pages as over https, by a younger server code path.',
        openAtMost: 'everyone',
      },
    ],
  },
  ssh: {
    title: 'SSH login',
    parts: [
      {
        name: 'ssh',
        protocol: 'tcp',
        ports: 22,
        required: true,
        externalMayDiffer: true,
        risk: 'Passwords are guessed around the clock: allow keys only, and update the server.',
        openAtMost: 'known-networks',
      },
    ],
  },
  ftp: {
    title: 'FTP server with passive transfers',
    parts: [
      {
        name: 'control',
        protocol: 'tcp',
        ports: 21,
        required: true,
        externalMayDiffer: true,
        risk: 'Without TLS the password crosses the internet in clear.',
        openAtMost: 'known-networks',
      },
      {
        // The server tells clients these numbers in its PASV answer, so they must be the same outside.
        name: 'passive',
        protocol: 'tcp',
        ports: '50000-50049',
        required: true,
        externalMayDiffer: false,
        risk: 'A waiting transfer can be taken by whoever connects first where the server does not compare addresses.',
        openAtMost: 'known-networks',
      },
    ],
  },
  'remote-desktop': {
    title: 'Windows Remote Desktop',
    parts: [
      {
        name: 'rdp',
        protocol: 'tcp',
        ports: 3389,
        required: true,
        externalMayDiffer: true,
        risk: 'One of the most attacked ports there is, and the usual door of ransomware.',
        openAtMost: 'nobody',
      },
      {
        // Clients use the number of the tcp connection, so a moved tcp port leaves this part out.
        name: 'rdp-udp',
        protocol: 'udp',
        ports: 3389,
        required: false,
        externalMayDiffer: false,
        risk: 'The same as over tcp, and it has been used to amplify floods.',
        openAtMost: 'nobody',
      },
    ],
  },
  wireguard: {
    title: 'WireGuard VPN',
    parts: [
      {
        name: 'wireguard',
        protocol: 'udp',
        ports: 51820,
        required: true,
        externalMayDiffer: true,
        risk: 'Little: it stays silent to whoever has no key. Whoever has one is inside.',
        openAtMost: 'everyone',
      },
    ],
  },
  minecraft: {
    title: 'Minecraft server',
    parts: [
      {
        name: 'java',
        protocol: 'tcp',
        ports: 25565,
        required: true,
        externalMayDiffer: true,
        risk: 'Strangers join unless the allow list is on, and old versions run foreign code.',
        openAtMost: 'everyone',
      },
      {
        name: 'bedrock',
        protocol: 'udp',
        ports: 19132,
        required: false,
        externalMayDiffer: true,
        risk: 'Strangers join unless the allow list is on.',
        openAtMost: 'everyone',
      },
    ],
  },
  'rtsp-camera': {
    title: 'Camera (RTSP over tcp)',
    parts: [
      {
        name: 'rtsp',
        protocol: 'tcp',
        ports: 554,
        required: true,
        externalMayDiffer: true,
        risk: 'Cameras are seldom updated, many have known passwords, and the picture is not encrypted.',
        openAtMost: 'known-networks',
      },
    ],
  },
};
