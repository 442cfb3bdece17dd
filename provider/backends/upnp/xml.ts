import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { printable } from './printable';

/** One element, without its namespace prefix: routers choose those freely. Values stay text, whatever they look like. */
export interface Element {
  readonly name: string;
  /** Its own text and CDATA, entities resolved, spaces kept; '' where there is none. */
  readonly text: string;
  readonly children: readonly Element[];
}

/** Levels of nesting. A device description has about ten; recursion must end somewhere. */
const DEEPEST = 40;
const TEXT = '#text';
const CDATA = '#cdata';

const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  textNodeName: TEXT,
  cdataPropName: CDATA,
  // Resolved below in one pass: the parser leaves `&#233;` as it is, or with htmlEntities knows more than XML does.
  processEntities: false,
  maxNestedTags: DEEPEST,
});

/** Characters of a complaint that are kept: it quotes what was sent. */
const LONGEST_COMPLAINT = 120;

/** What is no well-formed XML, or more than XML that a device has reason to send. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';

  constructor(complaint: string) {
    super(printable(complaint).slice(0, LONGEST_COMPLAINT));
  }
}

/**
 * Reads an XML document. Throws MalformedXml. The parser alone would make something of anything, so the text is validated
 * first; a document type is refused, for devices have no use for one, and entities defined there can grow without end.
 */
export function parseXml(document: string): Element {
  // Before the declaration and after the root some routers send blank lines, or the zero that ends a C string.
  const text = document.replace(/^[\uFEFF\s]+|[\0\s]+$/g, '');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new MalformedXml('it has a document type');
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new MalformedXml(`${verdict.err.msg} (line ${verdict.err.line})`);
  let nodes: readonly Node[];
  try {
    nodes = parser.parse(text);
  } catch (error) {
    throw new MalformedXml(error instanceof Error ? error.message : String(error));
  }
  const roots = elementsOf(nodes);
  const [root] = roots;
  if (!root || roots.length > 1) throw new MalformedXml('it has not one root element');
  return root;
}

/** The first child of this name. */
export function child({ children }: Element, name: string): Element | undefined {
  return children.find((one) => one.name === name);
}

/** The text of the first child of this name without spaces around it; '' where there is none. */
export function textOf(element: Element, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}

/** The first element of this name, at any depth. */
export function descendant(element: Element, name: string): Element | undefined {
  if (element.name === name) return element;
  for (const one of element.children) {
    const found = descendant(one, name);
    if (found) return found;
  }
  return undefined;
}

/** Text as the content of an element. Control characters, which XML cannot hold, become spaces. */
export function escapeXml(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** As the parser gives it with `preserveOrder`: one member, named like the element. */
type Node = Readonly<Record<string, unknown>>;

function elementsOf(nodes: readonly Node[]): readonly Element[] {
  return nodes.flatMap((node) => {
    const [name] = Object.keys(node);
    return name === undefined || name === TEXT || name === CDATA
      ? []
      : [elementOf(name, node[name] as readonly Node[])];
  });
}

function elementOf(name: string, nodes: readonly Node[]): Element {
  return { name, text: nodes.map(ownText).join(''), children: elementsOf(nodes) };
}

function ownText(node: Node): string {
  if (typeof node[TEXT] === 'string') return resolve(node[TEXT]);
  const cdata = node[CDATA];
  return Array.isArray(cdata) ? cdata.map((one: Node) => String(one[TEXT] ?? '')).join('') : '';
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** One pass, so that `&amp;lt;` is the text `&lt;`. Names that XML does not define stay as they are. */
function resolve(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD';
  });
}
