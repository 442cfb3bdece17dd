import type { Capabilities } from '../../rule/capabilities';
import type { Type, Values } from '../codec/type';
import { type Attribute, makeBlock, type Nested } from './block';
import { snake } from './names';

/** The data source `portforward_gateway`: what answers there, and what it can do. */
export const gatewayBlock = makeBlock('The gateway of the provider: what it is and what it can do.', [
  told('kind', 'string', "The provider's `kind`."),
  told('product', 'string', 'What the gateway calls itself, and its version.'),
  told('device', 'string', 'The identity that it tells, such as a serial number; null where it tells none.'),
  told(
    'wans',
    list([told('name', 'string', 'Its name.'), told('addresses', ['list', 'string'], 'Its addresses.')]),
    'The WAN interfaces; null where it does not tell.',
  ),
  told(
    'lans',
    ['list', 'string'],
    'The networks in which targets may lie, in CIDR notation; null where it does not tell.',
  ),
  told(
    'public_addresses',
    ['list', 'string'],
    'The public addresses that it knows of; null where it does not tell.',
  ),
  told(
    'problems',
    list([
      told('code', 'string', 'A stable word to match on, such as `ip-forward-off`.'),
      told('fatal', 'bool', 'Whether no forward can work until it is mended.'),
      told('message', 'string', 'What is wrong.'),
      told('hint', 'string', 'What to do.'),
    ]),
    'What is wrong with the gateway as a whole, the worst first.',
  ),
  told(
    'capabilities',
    object([
      told(
        'entry',
        object([
          told('protocols', 'string', '`one` or `both` of TCP and UDP.'),
          told('ports', 'string', '`single` = one port, `range` = one range, `list` = any list of ranges.'),
          told('shift', 'bool', 'Whether a range may go to other port numbers.'),
          told('sources', 'number', 'How many sources; 0 = who connects cannot be restricted.'),
        ]),
        'How much of a rule one entry holds; a rule that needs more gets several.',
      ),
      told('families', ['list', 'number'], '4 and 6: the address families of targets.'),
      told('gateway_target', 'bool', 'Whether `internal_address = "gateway"` is possible.'),
      told('properties', ['set', 'string'], 'The optional attributes of a rule that it can honour.'),
      told(
        'overlap',
        'bool',
        'Whether old and new entries of one port can stand side by side while a rule changes.',
      ),
      told('atomic', 'bool', 'Whether several changes are made all or none.'),
      told(
        'lease',
        object([told('min', 'number', 'Seconds at least.'), told('max', 'number', 'Seconds at most.')]),
        'How long mappings live; null where they do not expire.',
      ),
    ]),
    'What it can do.',
  ),
]);

/** `capabilities` of the data source. */
export function fromCapabilities(capabilities: Capabilities): Values {
  const { entry, families, gatewayTarget, properties, overlap, atomic, lease } = capabilities;
  return {
    entry: { ...entry },
    families: [...families],
    gateway_target: gatewayTarget,
    properties: [...properties].map(snake),
    overlap,
    atomic,
    lease: lease && { ...lease },
  };
}

function told(name: string, type: Type | Nested, description: string): Attribute {
  return { name, type, set: 'computed', description };
}

function list(attributes: readonly Attribute[]): Nested {
  return { nesting: 'LIST', attributes };
}

function object(attributes: readonly Attribute[]): Nested {
  return { nesting: 'SINGLE', attributes };
}
