import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addresses } from '../../namespaces/network';
import { LAN, PracticeOpenwrt, WAN } from '../../services/practice-openwrt';
import { walk } from '../../simulators/openwrt/kernel/walk';
import { openwrt } from '../examples';
import type { Loss, Obstacle, Tampering, Visit, Visitor, World } from '../world';
import { runHere } from './here';
import { retargeted } from './retargeted';
import { soon } from './soon';
import { hostOf, pathOf } from './would-reach';

/** A traffic rule of the router's owner. */
const IN_THE_WAY = 'Nothing to the server';

/** An OpenWrt router behind its HTTPS interface. No packet passes through it: its loaded firewall table answers for them. */
export class OpenwrtWorld implements World {
  readonly mode = 'simulated';
  readonly title =
    'a simulated OpenWrt router behind its HTTPS interface. No packet moves: who would reach whom is read from the firewall table that it loaded';
  readonly example = openwrt;
  readonly directory = mkdtempSync(join(tmpdir(), 'portforward-tour-'));
  readonly run = runHere;
  readonly tampering: Tampering = retargeted(this.example, () => this.tamper());

  private constructor(private readonly practice: PracticeOpenwrt) {}

  static async start(): Promise<OpenwrtWorld> {
    return new OpenwrtWorld(await PracticeOpenwrt.start());
  }

  get settings() {
    const { url, username, pin } = this.practice;
    return { url, username, pin };
  }

  get environment() {
    return { PORTFORWARD_PASSWORD: this.practice.password };
  }

  async visit(from: Visitor, port: number): Promise<Visit> {
    const path = pathOf(from, port);
    const to = addresses.gateway.wan;
    const packet = { protocol: 'tcp', device: WAN, from: addresses.internet[from], to, port } as const;
    const route = (address: string) => (address === to ? null : LAN);
    const fate = walk(this.practice.router.device.firewall.kernel, packet, route);
    if (fate.reached === null) return { answeredBy: null, detail: `${path}: nobody, ${fate.because}` };
    const end = `${hostOf(fate.reached)}:${fate.port}`;
    return { answeredBy: end, detail: `${path}: would reach ${end}` };
  }

  async bystander(): Promise<null> {
    return null;
  }

  readonly loss: Loss = {
    title: 'The router restarts: the forward is in its configuration, and is there again',
    strike: async () => {
      await this.practice.router.reboot();
      return 'reboot';
    },
    recovery: {
      claim: 'the router has loaded it again, with no engine run',
      done: () =>
        soon(async () => (await this.visit('client', this.example.externalPort)).answeredBy !== null),
    },
  };

  get obstacle(): Obstacle {
    const { url, username, pin } = this.settings;
    return {
      title: 'A traffic rule of the router drops what is forwarded: diagnosed by its name',
      place: () => this.block(),
      // Nothing listens where the table points to.
      doctor: ['--kind', 'openwrt', '--url', url, '--username', username, '--pins', pin, '--no-probe'],
      claim: 'the doctor tells which rule of the router is in the way',
      told: (report) => /the firewall rule "([^"]+)" of the router turns it away/.exec(report)?.[1] ?? null,
      clear: (name) => this.unblock(name),
    };
  }

  async foreign(): Promise<string> {
    return this.practice.foreign;
  }

  async stop(): Promise<void> {
    await this.practice.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async tamper(): Promise<string> {
    const [section] = this.practice.ours;
    if (section === undefined) throw new Error('There is no section to change by hand.');
    await this.practice.change((hand) => hand.change(section, { dest_ip: addresses.desk.lan }));
    return `uci set firewall.${section}.dest_ip='${addresses.desk.lan}'\nuci commit firewall; /etc/init.d/firewall reload`;
  }

  private async block(): Promise<string> {
    const rule = { name: IN_THE_WAY, src: 'wan', dest: 'lan', dest_ip: this.example.internalAddress };
    await this.practice.change((hand) => hand.add('rule', { ...rule, proto: 'tcp', target: 'DROP' }));
    return `(in LuCI) traffic rule "${IN_THE_WAY}": from wan to ${rule.dest_ip}, drop`;
  }

  private async unblock(name: string): Promise<string> {
    const rules = this.practice.router.byHand.sections('rule');
    const rule = rules.find(({ options }) => options.get('name') === name);
    if (!rule) throw new Error(`There is no traffic rule "${name}".`);
    await this.practice.change((hand) => hand.remove(rule.name));
    return `(in LuCI) traffic rule "${name}": removed`;
  }
}
