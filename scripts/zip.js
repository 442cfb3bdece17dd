// A zip archive (PKWARE APPNOTE 6.3.10) with Unix rights, byte for byte the same for the same content: the lock files
// of users hold its hash. Small files only: no zip64.
const { crc32, deflateRawSync } = require('node:zlib');

const STORED_BY_UNIX = (3 << 8) | 20;
const NEEDS_DEFLATE = 20;
const DEFLATED = 8;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1980-01-01, the first day a zip knows. */
const DATE = (1 << 5) | 1;

/** What stands in front of a file and again in the directory at the end (4.3.7 and 4.3.12). */
function common({ name, crc, size, packed }) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(NEEDS_DEFLATE, 0);
  fields.writeUInt16LE(FLAGS, 2);
  fields.writeUInt16LE(DEFLATED, 4);
  fields.writeUInt16LE(0, 6); // time
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packed, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
}

function directoryEntry(file, offset) {
  const fields = Buffer.alloc(46);
  fields.writeUInt32LE(0x02014b50, 0);
  fields.writeUInt16LE(STORED_BY_UNIX, 4);
  common(file).copy(fields, 6);
  fields.writeUInt32LE((0o100000 | file.mode) * 0x10000, 38);
  fields.writeUInt32LE(offset, 42);
  return Buffer.concat([fields, Buffer.from(file.name)]);
}

function end(count, size, offset) {
  const fields = Buffer.alloc(22);
  fields.writeUInt32LE(0x06054b50, 0);
  fields.writeUInt16LE(count, 8);
  fields.writeUInt16LE(count, 10);
  fields.writeUInt32LE(size, 12);
  fields.writeUInt32LE(offset, 16);
  return fields;
}

/** Files are `{ name, mode, content }`. */
function zip(files) {
  const [parts, entries] = [[], []];
  let offset = 0;
  for (const { name, mode, content } of files) {
    const data = deflateRawSync(content, { level: 9 });
    const file = { name, mode, crc: crc32(content), size: content.length, packed: data.length };
    const head = Buffer.concat([Buffer.from('PK\x03\x04'), common(file), Buffer.from(name)]);
    entries.push(directoryEntry(file, offset));
    parts.push(head, data);
    offset += head.length + data.length;
  }
  const directory = Buffer.concat(entries);
  return Buffer.concat([...parts, directory, end(entries.length, directory.length, offset)]);
}

module.exports = { zip };
