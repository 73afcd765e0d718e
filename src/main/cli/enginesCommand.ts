import type { Command } from 'commander';
import { type OutputOptions, printResult, table } from './output.ts';
import { withFacet } from './session.ts';

interface EnginesOptions extends OutputOptions {
  readonly probe?: boolean;
}

async function listEngines(options: EnginesOptions): Promise<void> {
  const result = await withFacet((facet) => facet.services.engines.list(options.probe ?? false));
  printResult(options, result, () => [
    ...table([
      ['engine', 'there', 'ms/step', 'device or reason'],
      ...result.engines.map(({ name, available, msPerStep, device, reason, fix }) => [
        name,
        available ? 'yes' : 'no',
        msPerStep === null ? '–' : msPerStep.toFixed(1),
        available ? (device ?? '') : [reason, fix && `fix: ${fix}`].filter(Boolean).join(' '),
      ]),
    ]),
    `fastest: ${result.fastest}`,
  ]);
}

export function addEnginesCommand(program: Command): void {
  program
    .command('engines')
    .description('what this machine can train with')
    .option('--probe', 'measure each engine on a small training step')
    .option('--json', 'print the result as JSON')
    .action(listEngines);
}
