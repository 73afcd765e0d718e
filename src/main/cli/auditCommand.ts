import type { Command } from 'commander';
import { FacetError } from '#core/result.ts';
import { type OutputOptions, percent, printResult, table } from './output.ts';
import { runIdOf } from './scoreCommand.ts';
import { withProject } from './session.ts';
import { wholePass } from './wholePass.ts';

interface Options extends OutputOptions {
  readonly project: string;
  readonly run?: string;
  readonly limit: string;
}

function limitOf(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new FacetError({
    code: 'cli.bad-number',
    message: `--limit ${given} is not a whole number from 1`,
    fix: 'Give one: --limit 20',
  });
}

async function audit(options: Options): Promise<void> {
  const limit = limitOf(options.limit);
  const found = await withProject(options.project, false, ({ services, ...facet }) =>
    wholePass('audit', (signal) => services.audit.make(runIdOf({ ...facet, services }, options.run), signal)),
  );
  const { rows, pairs, contradicted, leftOut, folds } = found;
  const first = rows.slice(0, limit);
  printResult(options, { ...found, rows: first }, () => [
    `${pairs} labels judged in ${folds} folds, ${contradicted} contradicted${leftOut > 0 ? `; ${leftOut} pairs can’t be judged` : ''}`,
    ...table([
      ['pair', 'label', 'probability', 'margin', 'source', 'prompt'],
      ...first.map(({ pairId, label, probability, margin, source, prompt }) => [
        String(pairId),
        label,
        percent(probability),
        margin.toFixed(2),
        source,
        prompt.slice(0, 60),
      ]),
    ]),
  ]);
}

export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description(
      'labels that those of other prompts contradict most: each is judged by a fit that did not train on it',
    )
    .requiredOption('-p, --project <file>', 'project file')
    .option('-r, --run <id>', 'run whose pairs, model and settings are used (default: the latest that ended)')
    .option('--limit <n>', 'so many rows of the list', '20')
    .option('--json', 'print the list as JSON')
    .action(audit);
}
