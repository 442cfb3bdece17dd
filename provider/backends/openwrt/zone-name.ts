/** What fw4 accepts as a zone's name; the commands of the ACL file contain it. */
export function isZoneName(text: string): boolean {
  return /^[a-zA-Z_.][a-zA-Z0-9_.-]{0,31}$/.test(text);
}
