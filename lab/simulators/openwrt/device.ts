import { machineClock, type SimulatorClock } from '../clock';
import { Firewall } from './firewall/firewall';
import { fw4 } from './firewall/fw4-program';
import { nft } from './kernel/nft-program';
import { type SimulatedInterface, usualDevices, usualInterfaces } from './network/interfaces';
import { deviceMethods, interfaceMethods, singleInterfaceMethods } from './network/netifd';
import { systemMethods, usualBoard } from './network/system';
import { type OpenWrtOptions, usualAccounts } from './options';
import { loginSection, membershipOf, type Passwords } from './rpcd/accounts';
import type { Grant } from './rpcd/acl';
import { AclFiles } from './rpcd/acl-files';
import { fileMethods } from './rpcd/file-object';
import { PendingApply } from './rpcd/pending-apply';
import { sessionMethods } from './rpcd/session-object';
import { NULL_SID, Sessions } from './rpcd/sessions';
import { applyMethods } from './rpcd/uci-apply';
import type { UciContext } from './rpcd/uci-context';
import { readMethods } from './rpcd/uci-read';
import { writeMethods } from './rpcd/uci-write';
import { Bus } from './ubus/bus';
import { UciFiles } from './uci/files';
import { UciStaging } from './uci/staging';
import { usualAcl } from './usual/acl';
import { usualFiles } from './usual/files';

/** The router behind its web server: configuration, sessions, network and firewall, with their objects on the bus. */
export class OpenWrtDevice {
  readonly bus = new Bus();
  readonly files: UciFiles;
  readonly staging = new UciStaging();
  readonly sessions: Sessions;
  readonly pending: PendingApply;
  readonly firewall: Firewall;
  readonly acl: AclFiles;
  /** What is plugged in; may be changed at any time. */
  interfaces: readonly SimulatedInterface[];
  /** Commands that a right with a wildcard has let through behind a semicolon. There should be none, ever. */
  readonly injected: string[] = [];
  private readonly passwords: Passwords;
  private refuseLogins = (): boolean => false;

  constructor(options: OpenWrtOptions) {
    const { accounts = usualAccounts, devices = usualDevices } = options;
    const clock: SimulatorClock = options.clock ?? machineClock;
    this.passwords = Object.fromEntries(accounts.map(({ username, password }) => [username, password]));
    this.files = new UciFiles({ ...usualFiles(accounts), ...options.files });
    this.acl = new AclFiles(options.acl ?? usualAcl);
    this.interfaces = options.interfaces ?? usualInterfaces;
    this.firewall = new Firewall(this.files, () => this.interfaces, options.services ?? {}, clock);
    this.firewall.delay = options.reloadDelay ?? this.firewall.delay;
    this.sessions = new Sessions(clock, (sid) => this.staging.drop(sid));
    const context: UciContext = {
      files: this.files,
      staging: this.staging,
      sessions: this.sessions,
      changed: (config) => this.changed(config),
    };
    this.pending = new PendingApply(context, clock);
    this.bus.add('session', sessionMethods(this.sessions, this.door()));
    this.bus.add('uci', {
      ...readMethods(context),
      ...writeMethods(context),
      ...applyMethods(context, this.pending),
    });
    this.bus.add('file', fileMethods(this.sessions, this.programs()));
    this.bus.add('system', systemMethods({ ...usualBoard, ...options.board }));
    this.bus.add('network.device', deviceMethods(devices));
    const interfaces = (): readonly SimulatedInterface[] => this.interfaces;
    this.bus.add('network.interface', interfaceMethods(interfaces));
    for (const { name } of this.interfaces) {
      this.bus.add(`network.interface.${name}`, singleInterfaceMethods(interfaces, name));
    }
    this.sessions
      .create(0, NULL_SID)
      .grants.push(...this.acl.grants((_, group) => group === 'unauthenticated'));
  }

  /** While this is true every password is wrong. */
  refuseLoginsWhile(refuse: () => boolean): void {
    this.refuseLogins = refuse;
  }

  /** procd: services whose configuration was written are told. Only the firewall is here. */
  changed(config: string): void {
    if (config === 'firewall') this.firewall.changed();
  }

  /** The power goes and comes again: flash keeps what was written, memory forgets sessions, changes and the apply timer. */
  restart(): void {
    this.pending.forget();
    this.sessions.clear();
    this.staging.clear();
    this.firewall.boot();
  }

  /** The rights of an account, whatever its password. */
  grantsOf(username: string): readonly Grant[] {
    const rpcd = this.files.load('rpcd');
    const section = rpcd?.sections.find(({ options }) => options.get('username') === username);
    return section ? this.acl.grants(membershipOf(section)) : [];
  }

  private door() {
    return {
      grants: (username: string, password: string): readonly Grant[] | null => {
        const section = loginSection(this.files.load('rpcd'), this.passwords, username, password);
        return section && !this.refuseLogins() ? this.acl.grants(membershipOf(section)) : null;
      },
      pendingSid: () => this.pending.sid,
    };
  }

  private programs() {
    const { firewall } = this;
    return {
      '/usr/sbin/nft': nft(
        () => firewall.kernel,
        (command) => void this.injected.push(command),
      ),
      '/sbin/fw4': fw4(
        () => firewall.check(),
        () => firewall.reload(),
      ),
    };
  }
}
