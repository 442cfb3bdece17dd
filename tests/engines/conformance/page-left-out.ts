import { DOORS, type DoorName } from './case';
import { table } from './cases';
import { type Gateway, surroundingsOf } from './gateways';
import { comesHere, whyLeftOut } from './left-out';

/** What is not played where, and why: each reason once. */
export function leavingOut(gateways: readonly Gateway[]): string {
  const whole = byReason(gateways, (gateway, door) => gateway.without[door]);
  const part = byReason(gateways, (gateway, door) => gateway.brief[door]);
  return `${lines(whole, ({ door, on }) => `**${door}** does not play on ${on}`)}${lines(part, ({ door, on }) => `**${door}** plays on ${on} only what can be played at once (${atOnce(gateways)})`)}
Cases are left out where the gateway

${leftOut(gateways)}
`;
}

interface Reason {
  readonly door: string;
  readonly on: string;
  readonly why: string;
}

function byReason(
  gateways: readonly Gateway[],
  reason: (gateway: Gateway, door: DoorName) => string | undefined,
): readonly Reason[] {
  const names = Object.keys(DOORS) as DoorName[];
  return names.flatMap((door) => {
    const reasons = new Set(gateways.flatMap((gateway) => reason(gateway, door) ?? []));
    return [...reasons].map((why) => ({
      door,
      why,
      on: listed(gateways.filter((gateway) => reason(gateway, door) === why)),
    }));
  });
}

function lines(reasons: readonly Reason[], say: (reason: Reason) => string): string {
  return reasons.map((reason) => `- ${say(reason)}: ${reason.why}.\n`).join('');
}

function leftOut(gateways: readonly Gateway[]): string {
  /** Names of cases, by the reason and the gateways. */
  const cases = new Map<string, string[]>();
  const names = new Set(gateways.flatMap((gateway) => [...reasonsOn(gateway).keys()]));
  for (const name of names) {
    const reasons = new Set(gateways.flatMap((gateway) => reasonsOn(gateway).get(name) ?? []));
    for (const why of reasons) {
      const here = gateways.filter((gateway) => reasonsOn(gateway).get(name) === why);
      const key = `- ${why.replace(/\.$/, '')} (${listed(here)})`;
      cases.set(key, [...(cases.get(key) ?? []), name]);
    }
  }
  return [...cases].map(([key, names]) => `${key}: ${names.join(' · ')}`).join('\n');
}

/** By the name of the case. */
function reasonsOn(gateway: Gateway): ReadonlyMap<string, string> {
  return new Map(
    table(surroundingsOf(gateway)).flatMap((group) =>
      group.cases.flatMap((one) => {
        const why = comesHere(gateway, group) ? whyLeftOut(gateway, one) : null;
        return why === null ? [] : [[one.name, why] as const];
      }),
    ),
  );
}

function atOnce([any]: readonly Gateway[]): string {
  const groups = any ? table(surroundingsOf(any)).filter(({ together }) => together) : [];
  return groups.map(({ title }) => title).join('; ');
}

function listed(gateways: readonly Gateway[]): string {
  return gateways.map(({ name }) => name).join(', ');
}
