import type { Entry } from '../../../provider/backends/backend';
import { differences } from '../../../provider/rule/equal';
import { fold } from '../../../provider/rule/fold';
import { parseTag, tagOf } from '../../../provider/rule/identity';
import { normalise } from '../../../provider/rule/normalise';
import type { Device } from '../../contract/harness';
import type { Program } from './case';
import { type Gateway, surroundingsOf } from './gateways';
import { inputsOf } from './rules';

/** Throws unless exactly these rules of this owner stand on the device, and each means what it declares. */
export async function expectStanding(
  gateway: Gateway,
  device: Device,
  owner: string,
  program: Program,
): Promise<void> {
  const keepsDisabled = gateway.harness.capabilities.properties.has('enabled');
  const wanted = Object.entries(program)
    .map(([address, declared]) => normalise(inputsOf(address, declared, surroundingsOf(gateway))))
    .filter(({ forward }) => forward.enabled || keepsDisabled);
  const live = new Map<string, Entry[]>();
  for (const entry of await look(device)) {
    const mark = parseTag(entry.tag ?? '')?.rule;
    if (mark !== undefined) live.set(mark, [...(live.get(mark) ?? []), entry]);
  }
  const wrong: string[] = [];
  for (const { name, forward } of wanted) {
    const mark = tagOf(`${owner}/${name}`);
    const parts = live.get(mark) ?? [];
    live.delete(mark);
    if (parts.length === 0) wrong.push(`${name} is not there`);
    else
      for (const property of differences(forward, fold(parts.map((part) => part.forward))))
        wrong.push(`${name} differs in ${property}`);
    if (parts.some(({ restriction }) => restriction !== null)) wrong.push(`${name} is restricted`);
  }
  for (const parts of live.values()) wrong.push(`${parts[0]?.id ?? parts[0]?.tag} should not be there`);
  expect(wrong).toEqual([]);
}

/** The table as a client of its own sees it. */
async function look(device: Device): Promise<readonly Entry[]> {
  const client = device.connect();
  const { signal } = new AbortController();
  await client.open(signal);
  try {
    return (await client.list([], signal)).entries;
  } finally {
    await client.close();
  }
}
