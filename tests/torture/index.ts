/** `npm run torture -- --seed N --rounds R [--scenes label,import,…] [--json]` */
import { parseArgs } from 'node:util';
import { torture } from './torture.ts';
import { SCENES, type Scene } from './types.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '70' },
    scenes: { type: 'string', default: SCENES.join(',') },
    json: { type: 'boolean', default: false },
  },
});
const [seed, rounds] = [Number(values.seed), Number(values.rounds)];
const scenes = values.scenes.split(',').filter((name): name is Scene => SCENES.includes(name as Scene));
if (!Number.isInteger(seed) || !Number.isInteger(rounds) || rounds < 1 || scenes.length === 0) {
  process.stderr.write(
    `--seed and --rounds are whole numbers, --scenes names some of ${SCENES.join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  const found = await torture({ seed, rounds, scenes }, (line) => process.stderr.write(`${line}\n`));
  if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else for (const [field, value] of Object.entries(found)) process.stdout.write(`${field}: ${value}\n`);
  const isLost = found.lostVerdicts + found.damaged + found.halfImports + found.missingFiles > 0;
  if (isLost || found.resumesIdentical < found.resumes) process.exitCode = 1;
}
