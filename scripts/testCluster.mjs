/**
 * `npm run test:cluster`: jobs for real, by PyTorch under torchrun and on a Ray cluster of two nodes on this machine. What they need is
 * installed once, from PyPI, into a virtual environment of their own in the project's cache (`FACET_CLUSTER_VENV` names another
 * place); several GB, for PyPI has PyTorch with its CUDA libraries alone. `FACET_CLUSTER_MODEL` is a model folder to train.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runMain, SetupError, step } from './lib/console.mjs';
import { cacheDir, rootDir } from './lib/paths.mjs';
import { run } from './lib/process.mjs';
import { prepareHeadless } from './setup.mjs';

const folder = process.env.FACET_CLUSTER_VENV || join(cacheDir, 'cluster');
const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
const requirements = join(rootDir, 'resources', 'job', 'requirements.txt');

async function python(command, args, fix) {
  const { status, output } = await run(command, args, { capture: true });
  if (status !== 0) throw new SetupError(`${command} ${args.join(' ')}:\n${output.trim()}`, fix);
}

async function prepareEnvironment() {
  if (!existsSync(join(bin, 'python')))
    await python('python3', ['-m', 'venv', folder], 'install Python 3.10 or newer with its venv module');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const asked = [...install, '-r', requirements, 'ray[default,train,data]>=2.40'];
  await step('PyTorch and Ray', () => python(join(bin, 'python'), asked, 'check the network connection'));
}

await runMain(async () => {
  await prepareHeadless();
  await prepareEnvironment();
  const { status } = await run(
    'vitest',
    ['run', '--config', 'tests/cluster/vitest.config.ts', ...process.argv.slice(2)],
    {
      env: { FACET_CLUSTER_PYTHON: bin },
    },
  );
  return status;
});
