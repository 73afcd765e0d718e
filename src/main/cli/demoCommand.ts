import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { resourcesDir } from '../environment.ts';
import { runDemo } from './demo.ts';
import { demoReport } from './demoReport.ts';
import { type OutputOptions, printResult } from './output.ts';
import { createHeadlessFacet } from './session.ts';

interface DemoCommandOptions extends OutputOptions {
  readonly data?: string;
  readonly model?: string;
  readonly steps?: number;
  readonly seed?: number;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('a whole number of at least 1 is needed.');
}

async function demo(options: DemoCommandOptions): Promise<void> {
  const figures = await runDemo({
    ...options,
    resourcesDir,
    createFacet: createHeadlessFacet,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  printResult(options, figures, () => [demoReport(figures)]);
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'the whole loop without a window: DPO beside LPC-DPO from one seed, and what the codes found',
    )
    .option('--data <file>', 'pair file (default: the bundled sample)')
    .option('--model <folder>', 'model folder (default: the starter model)')
    .option('--steps <n>', 'training steps of each method', parseCount)
    .option('--seed <n>', 'seed of both methods', parseCount)
    .option('--json', 'print the figures as JSON')
    .action(demo);
}
