/* What rpcd lets through as a name. Everything else is answered with "invalid argument". */

/** A section or an option: letters, digits and underscores. */
export const isName = (text: string): boolean => /^[A-Za-z0-9_]+$/.test(text);

/** A type of section may hold hyphens too. */
export const isType = (text: string): boolean => /^[A-Za-z0-9_-]+$/.test(text);

/** A section by name, or by place as in `@redirect[0]`. */
export const isReference = (text: string): boolean =>
  isName(text) || /^@[A-Za-z0-9_-]*\[[+-]?\d+\]$/.test(text);

/** A configuration, which is the name of a file. */
export const isConfig = (text: string): boolean => /^[A-Za-z0-9_-]+$/.test(text);
