import { PortforwardError } from '../../rule/error';
import { type GatewayDescription, readDescription } from './description';
import { defaultGateways } from './interfaces';
import { type SearchSurroundings, type Sighting, search } from './search';
import { answersAsGateway } from './ssdp';
import { Transport } from './transport';

/** A gateway, and where it was found. */
export interface Located {
  readonly location: URL;
  readonly description: GatewayDescription;
}

/** Descriptions that are fetched after a search. */
const MOST_FETCHED = 16;
/** Milliseconds for one: whoever announced it and is silent must not keep the others waiting. */
const FETCH_TIMEOUT = 5_000;

export interface Found {
  /** Gateways that can forward, each once. */
  readonly gateways: readonly Located[];
  /** Where it was asked. */
  readonly asked: readonly string[];
  /** What answered the search and could not be used, in words. */
  readonly complaints: readonly string[];
}

/** Searches the networks of this machine, and reads what answers. */
export async function findGateways(
  options: {
    readonly interfaces: readonly string[] | null;
    readonly hosts?: readonly string[];
    readonly until?: (sighting: Sighting) => boolean;
  },
  surroundings: SearchSurroundings,
  signal: AbortSignal,
): Promise<Found> {
  const { routers = defaultGateways } = surroundings;
  // Asked directly as well: some networks, and most containers', carry no multicast.
  const near = options.interfaces ? [] : routers();
  const hosts = [...new Set([...(options.hosts ?? []), ...near])];
  const { sightings, asked } = await search(
    {
      family: 4,
      hosts,
      ...(options.interfaces ? { interfaces: options.interfaces } : {}),
      ...(options.until ? { until: options.until } : {}),
    },
    surroundings,
    signal,
  );
  signal.throwIfAborted();
  // What answers merely as some device is asked only where nobody answers as a gateway: televisions do.
  const likely = sightings.filter(answersAsGateway);
  const urls = new Map((likely.length > 0 ? likely : sightings).map(({ url }) => [url.href, url]));
  const complaints: string[] = [];
  const transport = new Transport();
  try {
    const fetched = await Promise.all(
      [...urls.values()].slice(0, MOST_FETCHED).map(async (location) => {
        try {
          return await describe(location, transport, signal);
        } catch (error) {
          complaints.push(error instanceof Error ? error.message : String(error));
          return null;
        }
      }),
    );
    return { gateways: distinct(fetched.filter((one) => one !== null)), asked, complaints };
  } finally {
    await transport.close();
  }
}

/** What a URL describes; null where that is no gateway that can forward. */
export async function describe(
  location: URL,
  transport: Transport,
  signal: AbortSignal,
): Promise<Located | null> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT)]);
  const { status, text } = await transport.get(location, deadline);
  if (status !== 200)
    throw new PortforwardError('refused', `${location.href} answered with HTTP ${status}.`, {
      hint: '`portforward discover` shows where the gateways of this network are.',
    });
  const description = readDescription(text, location);
  return description && { location, description };
}

/** A router may answer on several addresses, and for each of its services. */
function distinct(gateways: readonly Located[]): readonly Located[] {
  const byName = new Map<string, Located>();
  for (const one of gateways) {
    const name = one.description.udn ?? one.location.href;
    if (!byName.has(name)) byName.set(name, one);
  }
  return [...byName.values()];
}
