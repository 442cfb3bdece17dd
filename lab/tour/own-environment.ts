/** Variables of this very user that steer an engine or the provider, taken out: the tour must not depend on them. */
export function withoutOwn(
  engine: RegExp,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, undefined>> {
  const own = Object.keys(env).filter((key) => engine.test(key) || key.startsWith('PORTFORWARD_'));
  return Object.fromEntries(own.map((key) => [key, undefined]));
}
