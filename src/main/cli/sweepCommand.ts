/** `facet sweep`: values of one or two settings, times seeds, one run after another. */
import type { Command } from 'commander';
import { BEST_RULES, isBetter } from '#core/bestCheckpoint.ts';
import { FacetError } from '#core/result.ts';
import { labelScopeSchema } from '#shared/entities.ts';
import { planRuns, readAxis, readSeeds, type SweepAxis } from '#shared/sweep.ts';
import type { SweepRow, SweepTable } from '#shared/sweepContract.ts';
import type { Facet } from '../app.ts';
import { type OutputOptions, percent, printResult, progressLine } from './output.ts';
import { runConfigFrom, type SettingOptions } from './runSettings.ts';
import { withProject } from './session.ts';
import { modelIdOf, withSettings } from './trainCommand.ts';

interface SweepOptions extends OutputOptions, SettingOptions {
  readonly project: string;
  readonly model?: string;
  readonly name?: string;
  readonly labels: string;
  readonly sweep: readonly string[];
  readonly seeds?: string;
  readonly goOn?: string;
  readonly dryRun?: boolean;
}

function axisOf(text: string): SweepAxis {
  const at = text.indexOf('=');
  if (at > 0) return readAxis(text.slice(0, at), text.slice(at + 1));
  throw new FacetError({
    code: 'cli.bad-setting',
    message: `--sweep ${text} is not key=values`,
    fix: 'Write it as --sweep learningRate=0.001,0.003 or --sweep latent.codes=8..64:4:log.',
  });
}

/** Ctrl+C once cancels what waits and ends the run that trains, which keeps what it has. */
async function follow({ services }: Facet, id: number): Promise<SweepTable> {
  const progress = progressLine();
  const stop = () => {
    progress.note('ending the sweep after this step; what has been trained is kept');
    services.sweeps.cancel(id).catch((error: unknown) => progress.note(String(error)));
  };
  process.once('SIGINT', stop);
  const seen = new Set<number>();
  try {
    for (;;) {
      const { rows } = services.sweeps.table(id);
      const next = rows.find(({ runId }) => runId !== null && !seen.has(runId));
      if (next?.runId == null) {
        const { runs } = services.runs.queue.state();
        const waits = runs.some(({ sweepId, failure }) => sweepId === id && failure === null);
        if (!waits) return services.sweeps.table(id);
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      seen.add(next.runId);
      for await (const frame of services.runs.frames(next.runId))
        if (frame.type === 'step')
          progress.update(
            `${next.name} ${Math.floor((10 * frame.step) / frame.totalSteps)}`,
            `${next.name}: step ${frame.step}/${frame.totalSteps}`,
          );
      await services.runs.wait(next.runId);
    }
  } finally {
    process.off('SIGINT', stop);
    progress.end();
  }
}

function rowLine({ runId, name, state, figures, causalRecovery }: SweepRow): string {
  const head = `${runId === null ? 'waits' : `run ${runId}`}  ${name}: `;
  if (figures === null) return `${head}${state}, not evaluated`;
  const { accuracy, accuracyLow: low, accuracyHigh: high, loss, codesInUse, step } = figures;
  const interval = low === null || high === null ? '' : ` (${percent(low)} to ${percent(high)})`;
  const codes = codesInUse === null ? '' : `, ${codesInUse} codes in use`;
  const recovery = causalRecovery === null ? '' : `, causal recovery ${causalRecovery.toFixed(2)}`;
  return `${head}accuracy ${percent(accuracy)}${interval}, loss ${loss.toFixed(4)}${codes}${recovery} at step ${step}${state === 'finished' ? '' : `, ${state}`}`;
}

/** One line a run, and the best by the rule. */
function sweepLines({ name, rows, bestBy }: SweepTable): string[] {
  let best: SweepRow | null = null;
  for (const row of rows)
    if (row.figures !== null && isBetter(bestBy, row.figures, best?.figures ?? null)) best = row;
  const last =
    best === null
      ? 'none was evaluated on held-out pairs'
      : `best, of the ${BEST_RULES[bestBy]}: ${best.name}. It is chosen on the pairs that its figures are of, which flatters them.`;
  return [`${name}: ${rows.length} runs`, ...rows.map(rowLine), last];
}

async function sweep(options: SweepOptions): Promise<void> {
  const { goOn } = options;
  if (goOn !== undefined) {
    const table = await withProject(options.project, false, async (facet) => {
      const { id } = await facet.services.sweeps.goOn(Number(goOn));
      return follow(facet, id);
    });
    printResult(options, table, () => sweepLines(table));
    return;
  }
  const config = runConfigFrom(options);
  const axes = options.sweep.map(axisOf);
  const seeds = options.seeds === undefined ? [config.seed] : readSeeds(options.seeds);
  const planned = planRuns(config, axes, seeds);
  if (options.dryRun) {
    printResult(options, { runs: planned }, () => planned.map(({ words }) => words));
    return;
  }
  const selection = { labels: labelScopeSchema.parse(options.labels), sourceIds: null };
  const table = await withProject(options.project, false, async (facet) => {
    const modelId = await modelIdOf(facet, options.model);
    const { sweeps } = facet.services;
    const { id } = await sweeps.start({ name: options.name, modelId, config, selection, axes, seeds });
    return follow(facet, id);
  });
  printResult(options, table, () => sweepLines(table));
}

export function addSweepCommand(program: Command): void {
  withSettings(
    program
      .command('sweep')
      .description('train a run for each value of one or two settings and each seed; Ctrl+C ends all of them')
      .requiredOption('-p, --project <file>', 'project file')
      .option('-m, --model <folder>', 'model folder in the Hugging Face layout (default: the starter model)')
      .option('--name <name>', 'what to call the sweep'),
  )
    .option(
      '--sweep <key=values>',
      'values with commas, or a range with its number of values, lin or log: learningRate=0.0001..0.01:5:log; may be given twice',
      (value: string, before: string[]) => [...before, value],
      [] as string[],
    )
    .option('--seeds <seeds>', '1,2,3 or 1..5 (default: that of the settings)')
    .option('--go-on <sweep>', 'go on with a sweep that was paused or closed with its project')
    .option('--dry-run', 'name the runs that it would be, and train nothing')
    .option('--json', 'print the table as JSON')
    .action(sweep);
}
