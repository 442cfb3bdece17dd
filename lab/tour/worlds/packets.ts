import type { Lab } from '../../namespaces/lab';
import { addresses } from '../../namespaces/network';
import type { Bystander, Visit, Visitor } from '../world';

/** Milliseconds until a visit counts as unanswered: two attempts of TCP. */
const PATIENCE = 2500;

/** Connections through the lab's gateway, by this machine's kernel. */
export class Packets {
  private held: number | undefined;

  constructor(
    private readonly lab: Lab,
    /** Where the internet reaches the gateway. */
    private readonly publicAddress: string,
  ) {}

  async visit(from: Visitor, port: number): Promise<Visit> {
    const own = addresses.internet[from];
    const reply = await this.lab
      .on('internet')
      .tcp({ to: this.publicAddress, port, from: own, timeout: PATIENCE });
    return {
      answeredBy: reply.ok ? (reply.text.split(' ')[0] ?? null) : null,
      detail: `${own} -> ${this.publicAddress}:${port}: ${reply.text}`,
    };
  }

  async bystander(port: number): Promise<Bystander> {
    const desk = this.lab.on('desk');
    const path = `${addresses.desk.lan} -> ${addresses.internet.site}:${port}`;
    if (this.held === undefined) {
      const reply = await desk.tcp({ to: addresses.internet.site, port, hold: true });
      this.held = reply.ok ? reply.connection : undefined;
      return { alive: reply.ok, detail: `${path}: ${reply.text}` };
    }
    // The far side speaks first: that is what a careless cut of tracked connections breaks. A packet from inside
    // would only be tracked anew.
    await this.lab.on('internet').speak(port, 'still there?');
    const reply = await desk.hear(this.held, PATIENCE);
    return {
      alive: reply.ok && reply.text === 'still there?',
      detail: `${path}: ${reply.ok ? 'answers' : reply.text}`,
    };
  }
}
