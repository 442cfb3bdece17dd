/** Why fw4 leaves a section out. Its words are a warning; nothing else fails. */
export class LeftOut extends Error {}
