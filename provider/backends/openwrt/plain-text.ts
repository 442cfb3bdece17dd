/** A plain value out of an answer, as text; empty for anything deeper, however deep it is. */
export function plainText(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}
