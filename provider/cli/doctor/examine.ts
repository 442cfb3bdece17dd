import { hasCode, PortforwardError } from '../../rule/error';
import type { Session } from '../../session/session';
import { nameOf } from '../describe';
import { thinkOfLab } from '../think-of-lab';
import { checkChanges } from './changes';
import type { Finding } from './finding';
import { isNear } from './near';
import { checkTargets, type ProbeOptions } from './targets';
import { checkWans } from './wan';

/** Everything that a newcomer needs to know of a gateway, worst causes first. Never throws for the gateway's sake. */
export async function examine(session: Session, probes: ProbeOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const info = await session.info();
    findings.push({ check: 'reachable', status: 'ok', message: `${info.product} answers.` });
    const entries = await session.list();
    const ours = entries.filter((entry) => entry.tag !== null);
    findings.push({
      check: 'rights',
      status: 'ok',
      message: `It shows its table: ${ours.length} of ours, ${entries.length - ours.length} foreign.`,
    });
    const blocked = ours.flatMap((entry) => (entry.blocked ? [{ entry, ...entry.blocked }] : []));
    for (const { code, message, hint, fatal } of info.problems) {
      // What blocks a rule is told with the rule.
      if (blocked.some((one) => one.message === message)) continue;
      findings.push({ check: code, status: fatal ? 'fail' : 'warn', message, hint });
    }
    if (info.problems.length === 0) {
      findings.push({ check: 'device', status: 'ok', message: 'It reports no problem of its own.' });
    }
    findings.push(...checkWans(info.wans));
    for (const { entry, message, hint } of blocked) {
      findings.push({ check: 'blocked', status: 'fail', message: `${nameOf(entry)}: ${message}`, hint });
    }
    if (ours.length > 0 && blocked.length === 0) {
      findings.push({
        check: 'blocked',
        status: 'ok',
        message: 'No firewall in front drops what is forwarded.',
      });
    }
    findings.push(...checkChanges(ours));
    const near = (address: string) => isNear(address, info.lans);
    findings.push(...(await checkTargets(ours, { ...probes, near })));
  } catch (error) {
    findings.push(failureOf(error));
  }
  return findings;
}

function failureOf(thrown: unknown): Finding {
  const error = thinkOfLab(thrown);
  const rights = hasCode(error, 'credential', 'denied');
  const [message, hint] =
    error instanceof PortforwardError ? [error.summary, error.hint] : [String(error), undefined];
  return {
    check: rights ? 'rights' : hasCode(error, 'version') ? 'version' : 'reachable',
    status: 'fail',
    message,
    hint: hint ?? 'Check the flags that name the gateway, and that it is running.',
  };
}
