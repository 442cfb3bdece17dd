/** Something that a gateway cannot do, or that nobody can show there. */
export interface LeftOut {
  /** One sentence for people: why. */
  readonly leftOut: string;
}

export function isLeftOut(what: object): what is LeftOut {
  return 'leftOut' in what;
}
