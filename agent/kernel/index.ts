import { PortforwardError } from '../../provider/rule/error';
import type { Kernel } from './kernel';
import { DEFAULT_MARK } from './names';
import { NftablesKernel } from './nftables';

export interface NftKernelOptions {
  /** WAN interfaces. Default, and for an empty list: those that hold a default route, at any moment. */
  readonly wan?: readonly string[];
  /** The mark bit of what we admit, which stands in the host's firewall. Default 0x10000000. */
  readonly markBit?: number;
  /** Directory for what nft and conntrack read, ours alone (0700), in memory. */
  readonly runtimeDir: string;
  /** Called while nft is busy and we are not. Default: nothing. */
  readonly onWait?: () => void;
}

/**
 * The packet filter of this Linux machine, in its own table `inet portforward`.
 * Throws `invalid` for names that are none and for a mark of other than one bit.
 *
 * @example
 * const kernel = nftKernel({ wan: ['ppp0'], runtimeDir: '/run/portforward' });
 * await kernel.restore(entries);
 */
export function nftKernel(options: NftKernelOptions): Kernel {
  const mark = options.markBit ?? DEFAULT_MARK;
  if (!Number.isInteger(mark) || mark < 1 || mark > 0x80000000 || Math.log2(mark) % 1 !== 0) {
    throw new PortforwardError(
      'invalid',
      `The mark bit ${mark} is not one bit of 32; accepted: such as 0x10000000.`,
    );
  }
  for (const name of options.wan ?? []) {
    if (/^[A-Za-z0-9_.-]{1,15}$/.test(name)) continue;
    throw new PortforwardError('invalid', `${JSON.stringify(name)} is no name of an interface.`);
  }
  return new NftablesKernel({
    wan: options.wan?.length ? options.wan : null,
    mark,
    runtimeDirectory: options.runtimeDir,
    ...(options.onWait ? { onWait: options.onWait } : {}),
  });
}
