/** `npm run bench -- data [--json]` */
import { parseArgs } from 'node:util';
import { FacetError, toFailure } from '#core/result.ts';
import { benchData } from './data.ts';

const USAGE = `Usage: npm run bench -- data [--pairs N] [--json]

  How a project of N pairs (1,000,000) feels: import, opening, pages of the table, search, and verdicts that are saved
  while another searches and a third imports. Needs about three times the pairs' size in the temporary folder.`;

function pairCount(text: string): number {
  const pairs = Number(text);
  if (Number.isInteger(pairs) && pairs >= 1000) return pairs;
  throw new FacetError({
    code: 'bench.bad-option',
    message: `--pairs ${text} is not a whole number of at least 1000.`,
    fix: 'Give the pairs of the project, e.g. 100000.',
    where: { field: 'pairs' },
  });
}

try {
  const { values } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '1000000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else {
    const figures = await benchData(pairCount(values.pairs), (line) => process.stderr.write(`${line}\n`));
    if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    else for (const [field, value] of Object.entries(figures)) process.stdout.write(`${field}: ${value}\n`);
  }
} catch (error) {
  const failure = toFailure(error);
  process.stderr.write(`error: ${failure.message}${failure.fix ? `\nfix: ${failure.fix}` : ''}\n`);
  process.exitCode = 1;
}
