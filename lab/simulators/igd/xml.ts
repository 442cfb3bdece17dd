/** Stands in a text for one byte that is no UTF-8, as miniupnpd 2.3.1 appends them to long descriptions. */
export const NO_TEXT = '\uE0FE';

const MARK = Buffer.from(NO_TEXT);

export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** An element with text in it. */
export function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

/** As it goes over the wire. */
export function bytesOf(xml: string): Buffer {
  const bytes = Buffer.from(xml);
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + 1))
    bytes.fill(0xfe, at, at + MARK.length);
  return bytes;
}
