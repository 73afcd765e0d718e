/** `npm run build:starter`: writes the sample pairs, then trains and writes the starter model. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '#compute/engines/create.ts';
import { unwrap } from '#core/result.ts';
import { STARTER_TRAINING } from '#lpc/pretrain/starterConfig.ts';
import { writeSample } from './build/sampleFiles.ts';
import { writeStarter } from './build/starterFiles.ts';

const USAGE = `npm run build:starter -- [options]
  --sample-only   write the sample pairs and stop
  --steps N       train for N steps (default ${STARTER_TRAINING.steps})
  --out FOLDER    write into FOLDER (default resources)`;

const { values } = parseArgs({
  options: {
    'sample-only': { type: 'boolean', default: false },
    steps: { type: 'string', default: String(STARTER_TRAINING.steps) },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', 'resources') },
    help: { type: 'boolean', default: false },
  },
});
const steps = Number(values.steps);

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
} else if (!Number.isInteger(steps) || steps < 1) {
  process.stderr.write(`--steps must be a whole number of at least 1, not ${values.steps}.\n`);
  process.exitCode = 2;
} else {
  const resources = resolve(values.out);
  const { pairs } = await writeSample(join(resources, 'sample'));
  process.stdout.write(`${pairs} pairs in ${join(resources, 'sample')}\n`);
  if (!values['sample-only']) {
    const { engine } = unwrap(await createEngine('onnx-cpu'));
    await writeStarter({
      folder: join(resources, 'starter'),
      settings: { ...STARTER_TRAINING, steps },
      engine,
      progress: (line) => process.stdout.write(`${line}\n`),
    });
    await engine.dispose();
  }
}
