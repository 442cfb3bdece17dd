import { spawnSync } from 'node:child_process';
import { labSupport, unshareArguments } from '../../../../lab/namespaces/support';

/** Runs nft on a ruleset in a network namespace of its own, which is gone afterwards; lists the table of fw4. */
export function realNft(ruleset: string): { readonly listed: string; readonly complaint: string } {
  const support = labSupport();
  const script = 'ip link set lo up; nft -f -; nft list table inet fw4';
  const { stdout, stderr } = spawnSync(
    'unshare',
    [...unshareArguments(support.supported && support.rootless), 'sh', '-euc', script],
    {
      input: ruleset,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    },
  );
  return { listed: stdout, complaint: stderr };
}
