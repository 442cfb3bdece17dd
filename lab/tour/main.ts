import { EXIT, exitOf, report } from '../../provider/cli/exit';
import { paint, processTerminal } from '../../provider/cli/terminal';
import type { Engine } from './engine';
import { type FoundEngine, findEngine } from './find-engine';
import { chooseWorld } from './gateways';
import { help, readOptions, type TourOptions } from './options';
import { printHappening, printTitle } from './print';
import { PulumiEngine } from './pulumi';
import { LEFT_OUT, type StepReport } from './step';
import { playStory } from './story';
import { TerraformEngine } from './terraform';
import type { World } from './world';

const terminal = processTerminal();

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options.help) {
    terminal.out(help);
    return EXIT.ok;
  }
  const startWorld = chooseWorld(options.gateway, options, terminal.err);
  // Before the lab: what is missing comes from the network, which the lab has none of.
  const found = await findEngine(options.engine, options.install, terminal.err);
  const world = await startWorld();
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A terminal's Ctrl-C comes twice: to the whole group, and handed on by `npm start`.
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void world.stop().then(() => process.exit(130));
    });
  }
  try {
    return await play(world, found, options);
  } finally {
    await world.stop();
  }
}

async function play(world: World, found: FoundEngine, options: TourOptions): Promise<number> {
  const engine = await start(found, world);
  if (!options.json) {
    terminal.out(
      `${paint(terminal, 'bold', 'The main job of portforward')}, with ${engine.title} and ${world.title}.`,
    );
    terminal.out(paint(terminal, 'dim', found.why));
  }
  let number = 0;
  const reports = await playStory(
    world,
    engine,
    options.json
      ? {}
      : {
          begins: (step) => terminal.out(printTitle(++number, step, terminal)),
          happens: (happening) => terminal.out(printHappening(happening, terminal)),
          ends: ({ error }) => error && terminal.out(`   ${paint(terminal, 'red', 'FAILED')}  ${error}`),
        },
  );
  const ok = reports.every((step) => step.ok);
  if (options.json) {
    const { gateway } = options;
    const { mode } = world;
    terminal.out(
      JSON.stringify({ gateway, engine: engine.title, why: found.why, mode, ok, steps: reports }, null, 2),
    );
  } else terminal.out(summary(reports, world, ok));
  return ok ? EXIT.ok : EXIT.failed;
}

function start({ name, place }: FoundEngine, world: World): Promise<Engine> {
  if (name === 'pulumi') return PulumiEngine.start({ bin: place, world });
  return TerraformEngine.start({ name, command: place, world });
}

function summary(reports: readonly StepReport[], world: World, ok: boolean): string {
  const proofs = reports
    .flatMap((step) => step.happenings)
    .filter((it) => it.kind === 'proof' && it.holds).length;
  const seconds = Math.round(reports.reduce((sum, step) => sum + step.seconds, 0));
  const played = reports.filter(({ mode }) => mode !== LEFT_OUT).length;
  const others = played < reports.length ? `, ${reports.length - played} left out` : '';
  const text = `${played} steps, ${proofs} proofs hold, all ${world.mode}${others}, ${seconds} s.`;
  return ok
    ? `\n${paint(terminal, 'green', text)} ${world.example.next}`
    : `\n${paint(terminal, 'red', 'The tour failed: the step above says why.')}`;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    report(error, terminal);
    process.exitCode = exitOf(error);
  },
);
