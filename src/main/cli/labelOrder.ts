/** In which order a queue comes, as options of the shell. */
import type { Command } from 'commander';
import { NEEDS } from '#core/queueNeed.ts';
import { FacetError } from '#core/result.ts';
import { formatOrder, parseOrder, type QueueOrder } from '#shared/queueOrder.ts';
import { type CheckpointOptions, checkpointOption } from './checkpointOption.ts';
import { type OutputOptions, printResult } from './output.ts';
import { runIdOf } from './scoreCommand.ts';
import { withProject } from './session.ts';
import { wholePass } from './wholePass.ts';

export interface OrderOptions {
  readonly order?: string;
}

/** Absent: the order of the import. */
export function orderOf({ order }: OrderOptions): QueueOrder | undefined {
  if (order === undefined || order === 'import') return undefined;
  const parsed = parseOrder(order);
  if (parsed !== null) return parsed;
  throw new FacetError({
    code: 'cli.bad-order',
    message: `${order} is no order of a queue`,
    fix: `Give import, random:SEED, least, sources:ID=SHARE,… or need:RUN[:${NEEDS.join('|')}[:last|best]].`,
  });
}

export const withOrder = (command: Command): Command =>
  command.option(
    '--order <order>',
    `import, random:SEED, least, sources:ID=SHARE,… or need:RUN[:${NEEDS.join('|')}[:last|best]]`,
    'import',
  );

interface ScoreOptions extends OutputOptions, CheckpointOptions {
  readonly project: string;
  readonly run?: string;
  readonly limit: string;
}

export function addScoreOpen(command: (name: string, description: string) => Command): void {
  command('score', 'score pairs that nobody has decided by a run, for a queue by need')
    .option('-r, --run <id>', 'run (default: the latest that ended)')
    .addOption(checkpointOption())
    .option('--limit <pairs>', 'at most so many', '1000')
    .action(async (options: ScoreOptions) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1)
        throw new FacetError({
          code: 'cli.bad-number',
          message: `--limit ${options.limit} is not a whole number from 1`,
          fix: 'Give one: --limit 1000',
        });
      const result = await withProject(options.project, false, async (facet) => {
        const runId = runIdOf(facet, options.run);
        const done = await wholePass('scoring', (signal) =>
          facet.services.annotate.scoreOpen({ runId, checkpoint: options.checkpoint, limit }, signal),
        );
        return { runId, ...done };
      });
      printResult(options, result, () => [
        `run ${result.runId}: ${result.scored} open pairs scored; label them with --order ${formatOrder({ by: 'need', runId: result.runId, need: 'any', checkpoint: options.checkpoint })}`,
      ]);
    });
}
