import { labSupport } from '../../lab/namespaces/support';
import { missingTools } from '../../lab/namespaces/tools';
import { type HclEngine, hclEngines, presentHcl } from '../../lab/tour/find-hcl';
import { presentPulumi } from '../../lab/tour/find-pulumi';

export { missingForMiniupnpd } from '../../lab/services/miniupnpd';

/** A part of the suite that needs something of the machine; null = it can run, text = why it is left out. */
export type Missing = string | null;

/** Runs the suite where it can run; elsewhere one skipped test says by name what was left out and why. */
export function describeWhere(missing: Missing, name: string, body: () => void): void {
  if (missing === null) describe(name, body);
  // The one place where a test is switched off: the machine lacks what it needs, and the summary names it.
  else describe(name, () => test.skip(`left out: ${missing}`, () => undefined));
}

/** Why this machine cannot hold the lab, which every test with real packets needs; or null. */
export function missingForLab(): Missing {
  const support = labSupport();
  return support.supported ? null : support.reason;
}

export function missingForUpnpc(): Missing {
  return missingTools('This test', { upnpc: 'miniupnpc' });
}

/** The directory of a Pulumi CLI and its language host, or null. */
export function pulumiBin(): string | null {
  return presentPulumi() ?? null;
}

export function missingForPulumi(): Missing {
  return pulumiBin() === null ? 'no Pulumi CLI on this machine' : null;
}

/** The engines that read HCL, by the names of their commands. */
export const HCL_ENGINES = hclEngines;

export type { HclEngine };

/** The command of an engine, from PATH or as `npm run engine:tofu` built it, or null. */
export function hclEngine(name: HclEngine): string | null {
  return presentHcl(name) ?? null;
}

export function missingForEngine(name: HclEngine): Missing {
  return hclEngine(name) === null ? `no ${name} on this machine` : null;
}
