/** A value that was understood, or the reason why not, as a sentence for its user. */
export type Read<T> = { readonly value: T } | { readonly reason: string };
