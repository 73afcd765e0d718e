/** `npm run bench -- data|soak [--json]` */
import { parseArgs } from 'node:util';
import { FacetError, toFailure } from '#core/result.ts';
import { benchData } from './data.ts';
import { benchSoak } from './soak/soak.ts';

const USAGE = `Usage: npm run bench -- data [--pairs N] [--json]
       npm run bench -- soak [--hours N] [--minutes N] [--seed N] [--json]

  How a project of N pairs (1,000,000) feels: import, opening, pages of the table, search, and verdicts that are saved
  while another searches and a third imports. Needs about three times the pairs' size in the temporary folder.

  How facet serve holds 24 hours (--hours) of four people who label while a run trains, in 20 minutes (--minutes): what was
  acknowledged and does not stand after a kill, how long a save takes, and how the memory of its process grows after the
  first quarter.`;

function numberFor(field: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw new FacetError({
    code: 'bench.bad-option',
    message: `--${field} ${text} is not a number of at least ${least}.`,
    fix: `Leave --${field} out, or give a larger number.`,
    where: { field },
  });
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '1000000' },
      hours: { type: 'string', default: '24' },
      minutes: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else {
    const figures =
      positionals[0] === 'soak'
        ? await benchSoak(
            {
              hours: numberFor('hours', values.hours, 0.01),
              minutes: numberFor('minutes', values.minutes, 0.05),
              seed: numberFor('seed', values.seed, 0),
            },
            say,
          )
        : await benchData(Math.ceil(numberFor('pairs', values.pairs, 1000)), say);
    if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    else for (const [field, value] of Object.entries(figures)) process.stdout.write(`${field}: ${value}\n`);
  }
} catch (error) {
  const failure = toFailure(error);
  process.stderr.write(`error: ${failure.message}${failure.fix ? `\nfix: ${failure.fix}` : ''}\n`);
  process.exitCode = 1;
}
