import { argumentsOf } from '../../backends/gateway-arguments';
import { kinds } from '../../backends/registry';
import { properties } from '../../rule/properties';
import type { AttributePath } from '../wire/messages';

/** `externalPort` -> `external_port`, the way in which names are written in HCL. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `external_port` -> `externalPort`; the inverse of `snake`. */
export function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The way to the attribute of a property or an argument, for diagnostics. */
export function pathOf(name: string): AttributePath {
  return { steps: [{ attribute_name: snake(name) }] };
}

/** Every name that our messages may hold and HCL writes in another way. */
const everyName: readonly string[] = [
  ...properties.map(({ name }) => name),
  ...kinds.flatMap((kind) => Object.keys(argumentsOf(kind))),
];

/** A text of ours as people who write HCL read it: `externalPort` is `external_port`, `adopt: "…"` is `adopt = "…"`. */
export function inHcl(text: string, names = everyName): string {
  const assigned = text.replace(/\bwith (\w+): (?=")/g, (whole, name: string) =>
    names.includes(name) ? `with ${name} = ` : whole,
  );
  return assigned.replace(/\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g, (word) =>
    names.includes(word) ? snake(word) : word,
  );
}
