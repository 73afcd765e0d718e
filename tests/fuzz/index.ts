/** `npm run fuzz -- [--inputs N] [--seed S] [--targets import,models,…] [--only INDEX] [--json]` */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { TARGETS, type TargetName } from './types.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    targets: { type: 'string', default: TARGETS.join(',') },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [inputs, seed] = [Number(values.inputs), Number(values.seed)];
const only = values.only === undefined ? undefined : Number(values.only);
const named = values.targets.split(',');
const targets = TARGETS.filter((name: TargetName) => named.includes(name));
const isNumber = (value: number): boolean => Number.isInteger(value) && value >= 0;
if (![inputs, seed, only ?? 0].every(isNumber) || inputs < 1 || targets.length < named.length) {
  process.stderr.write(
    `--inputs, --seed and --only are whole numbers, --targets names some of ${TARGETS.join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  const report = await fuzz({ seed, inputs, targets, only }, (line) => process.stderr.write(`${line}\n`));
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { read, refused, crashed, overTime, overMemory, failures } = report;
    process.stdout.write(
      `${report.inputs} inputs: ${read} read, ${refused} refused with a code, ${crashed} crashed, ${overTime} over time, ${overMemory} over memory\n`,
    );
    for (const { target, index, kind, message, again } of failures)
      process.stdout.write(`${target} ${index} ${kind}: ${message.split('\n', 1)[0]}\n  again: ${again}\n`);
  }
  if (report.failures.length > 0) process.exitCode = 1;
}
