import { escapeXml, MalformedXml, parseXml, textOf } from '../../../../provider/backends/upnp/xml';

const read = (text: string) => parseXml(text);

describe('values stay text', () => {
  test.each([
    ['007', '007'],
    ['1e3', '1e3'],
    ['0x10', '0x10'],
    ['true', 'true'],
    ['', ''],
    [' spaced ', ' spaced '],
    ['&lt;b&gt; &amp;&quot;&apos;', '<b> &"\''],
    ['&#233;&#xe9;&#xE9;', 'ééé'],
    ['&amp;lt; &amp;#65;', '&lt; &#65;'],
    ['&nbsp;', '&nbsp;'],
    ['&#0;&#1114112;', '\uFFFD\uFFFD'],
    ['a<![CDATA[<x>&amp;]]>b', 'a<x>&amp;b'],
  ])('%j is %j', (xml, text) => {
    expect(read(`<a>${xml}</a>`)).toEqual({ name: 'a', text, children: [] });
  });
});

test('prefixes are dropped, whatever they are, and repeated elements are kept in their order', () => {
  const root = read('<s:a xmlns:s="x"><n:b>1</n:b><b>2</b><n:c/><b>3</b></s:a>');
  expect(root.children.map(({ name, text }) => name + text)).toEqual(['b1', 'b2', 'c', 'b3']);
  expect(textOf(root, 'b')).toBe('1');
  expect(textOf(root, 'none')).toBe('');
});

test('what routers put around a document is passed over', () => {
  expect(read('\uFEFF\r\n <?xml version="1.0"?>\n<a>1</a>\n\0\0').text).toBe('1');
});

test.each([
  ['nothing', ''],
  ['no XML', 'OK'],
  ['HTML that is not XML', '<html><br></html>'],
  ['an unclosed element', '<a><b></a>'],
  ['a truncated document', '<a><b>1</b'],
  ['two roots', '<a/><b/>'],
  ['a lone ampersand', '<a>Foo & Bar</a>'],
  ['text behind the root', '<a>1</a>junk'],
  ['a document type', '<!DOCTYPE a><a>1</a>'],
  ['a name out of JavaScript', '<a><__proto__>1</__proto__></a>'],
  ['nesting without end', '<a>'.repeat(3000) + '</a>'.repeat(3000)],
])('%s is refused', (_, text) => {
  expect(() => read(text)).toThrow(MalformedXml);
});

test.each([
  [
    'nested entities',
    `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${'bcdefghij'.replace(/./g, (name, at) => `<!ENTITY ${name} "${`&${String.fromCharCode(97 + at)};`.repeat(10)}">`)}]><a>&j;</a>`,
  ],
  [
    'one long entity, often',
    `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(10_000)}">]><a>${'&x;'.repeat(50_000)}</a>`,
  ],
  ['an outside entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['a document type after a comment', '<!-- --><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
])('an entity bomb is refused unexploded: %s', (_, bomb) => {
  const before = process.memoryUsage().heapUsed;
  expect(() => read(bomb)).toThrow('it has a document type');
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
});

test('a complaint quotes no more than a line of what was sent', () => {
  expect.assertions(1);
  try {
    read(`<a><${'x'.repeat(100_000)}&></a>`);
  } catch (error) {
    expect((error as Error).message.length).toBeLessThanOrEqual(120);
  }
});

test('what is escaped reads as it was', () => {
  const text = 'a <b> & "c" \'d\' é ]]>';
  expect(read(`<a>${escapeXml(text)}</a>`).text).toBe(text);
  expect(escapeXml('a\0b\nc')).toBe('a b c');
});
