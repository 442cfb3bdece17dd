import type { Methods } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';

/** What the router is, as `system board` tells it. */
export interface SimulatedBoard {
  readonly hostname: string;
  readonly model: string;
  readonly boardName: string;
  readonly version: string;
}

export const usualBoard: SimulatedBoard = {
  hostname: 'OpenWrt',
  model: 'Simulated router',
  boardName: 'portforward,simulated',
  version: '24.10.4',
};

export function systemMethods({ hostname, model, boardName, version }: SimulatedBoard): Methods {
  const revision = 'r0+0-0000000000';
  return {
    board: {
      args: {},
      run: () => [
        ubusCode.ok,
        {
          kernel: '6.6.110',
          hostname,
          system: 'ARMv8 Processor rev 4',
          model,
          board_name: boardName,
          rootfs_type: 'squashfs',
          release: {
            distribution: 'OpenWrt',
            version,
            revision,
            target: 'armsr/armv8',
            description: `OpenWrt ${version} ${revision}`,
          },
        },
      ],
    },
  };
}
