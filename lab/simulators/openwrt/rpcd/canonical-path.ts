import { posix } from 'node:path';

/** `//`, `.` and `..` taken out of a path, as rpcd does before it looks for a right. Symbolic links stay. */
export function canonicalPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
