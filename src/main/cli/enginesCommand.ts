import type { Command } from 'commander';
import type { EngineReport, EnginesResult } from '#core/jobs.ts';
import { type OutputOptions, printResult, table } from './output.ts';
import { withFacet } from './session.ts';

interface EnginesOptions extends OutputOptions {
  readonly probe?: boolean;
  readonly details?: boolean;
}

const time = (msPerStep: number | null): string => (msPerStep === null ? '–' : msPerStep.toFixed(1));

/** Why an engine is not there and what to do, under its name. */
function absentLines({ name, reason, fix, detail }: EngineReport, withDetails: boolean): string[] {
  return [
    name,
    `  ${reason ?? ''}`,
    ...(fix === null ? [] : [`  ${fix}`]),
    ...(withDetails && detail !== null ? detail.split('\n').map((line) => `  | ${line}`) : []),
  ];
}

/** The engines that are there as a table, then the others with what to do. */
export function engineLines({ engines, fastest, fallback }: EnginesResult, withDetails: boolean): string[] {
  const there = engines.filter(({ available }) => available);
  const absent = engines.filter(({ available }) => !available);
  const measured = there.some(({ msPerStep }) => msPerStep !== null);
  return [
    ...table([
      ['engine', 'ms/step', 'device'],
      ...there.map(({ name, msPerStep, device }) => [name, time(msPerStep), device ?? '']),
    ]),
    '',
    measured
      ? `auto takes ${fastest}, the fastest on a small training step`
      : 'auto takes the fastest; --probe measures each on a small training step',
    ...(fallback === null ? [] : [fallback]),
    ...(absent.length === 0 ? [] : ['', 'Not here:']),
    ...absent.flatMap((engine) => absentLines(engine, withDetails)),
  ];
}

async function listEngines(options: EnginesOptions): Promise<void> {
  const result = await withFacet((facet) => facet.services.engines.list(options.probe ?? false));
  printResult(options, result, () => engineLines(result, options.details ?? false));
}

export function addEnginesCommand(program: Command): void {
  program
    .command('engines')
    .description('what this machine can train with')
    .option('--probe', 'measure each engine on a small training step')
    .option('--details', 'what the libraries that failed reported')
    .option('--json', 'print the result as JSON')
    .action(listEngines);
}
