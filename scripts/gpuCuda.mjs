/**
 * `npm run gpu:cuda`: ONNX Runtime's CUDA files and TensorFlow's native package, where the network allows. Each is
 * optional: what can't be fetched is said in a sentence, and everything stays as it was.
 */
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runMain, SetupError, say, step } from './lib/console.mjs';
import { npm } from './lib/dependencies.mjs';
import { nodePath, rootDir } from './lib/paths.mjs';
import { run } from './lib/process.mjs';
import { prepareHeadless } from './setup.mjs';

const packageDir = join(rootDir, 'node_modules', 'onnxruntime-node');
const librariesDir = join(packageDir, 'bin', 'napi-v6', 'linux', 'x64');
const cudaFiles = [
  'libonnxruntime_providers_shared.so',
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_tensorrt.so',
].map((name) => join(librariesDir, name));
const tensorflow = '@tensorflow/tfjs-node-gpu';
const tensorflowDir = join(rootDir, 'node_modules', ...tensorflow.split('/'));
const tensorflowHost = process.env.TFJS_NODE_CDN_STORAGE ?? 'https://storage.googleapis.com/';
const timeoutMs = 30 * 60_000;
const reachTimeoutMs = 8000;

/** Asked before anything is touched: a failed installation would have to be undone. */
async function answers(url, what) {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(reachTimeoutMs) });
    return true;
  } catch (error) {
    const reason = error.cause?.code ?? error.cause?.message ?? error.message;
    say(`${what} can't be fetched: ${new URL(url).host} can't be reached from here (${reason})`);
    return false;
  }
}

/** Files that were there before stay, whatever happens; those that a failed attempt made go. */
async function fetchOnnxRuntime() {
  const before = new Set(cudaFiles.filter((file) => existsSync(file)));
  if (before.size === cudaFiles.length) {
    say("ONNX Runtime's CUDA files are there already");
    return true;
  }
  const { feeds } = createRequire(import.meta.url)(join(packageDir, 'script', 'install-metadata.js'));
  if (!(await answers(feeds.nuget.index, "ONNX Runtime's CUDA files"))) return false;
  // Its own script, with the choice made here: it would ask for `nvcc` and guess.
  const env = { ONNXRUNTIME_NODE_INSTALL: 'cuda12', npm_config_onnxruntime_node_install: 'cuda12' };
  const { status, output } = await step("fetching ONNX Runtime's CUDA files (about 300 MB)", () =>
    run(nodePath, [join(packageDir, 'script', 'install.js')], {
      cwd: packageDir,
      capture: true,
      env,
      timeoutMs,
    }),
  );
  if (status === 0 && cudaFiles.every((file) => existsSync(file))) return true;
  for (const file of cudaFiles) if (!before.has(file)) rmSync(file, { force: true });
  say(`ONNX Runtime's CUDA files could not be fetched; what had come was removed:\n${lastLines(output)}`);
  return false;
}

async function fetchTensorflow() {
  const ready = () => existsSync(join(tensorflowDir, 'lib'));
  if (ready()) {
    say(`${tensorflow} is there already`);
    return true;
  }
  if (!(await answers(tensorflowHost, tensorflow))) return false;
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `${tensorflow}@4.22.0`,
  ];
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_onnxruntime_node_install: 'skip' };
  const { output } = await step(`installing ${tensorflow} (about 500 MB)`, () =>
    npm(args, { capture: true, env, timeoutMs }),
  );
  if (ready()) return true;
  // Its script downloads TensorFlow; without it the package can't be loaded.
  rmSync(tensorflowDir, { recursive: true, force: true });
  say(`${tensorflow} could not be installed and was removed:\n${lastLines(output)}`);
  return false;
}

const lastLines = (output) => output.trim().split('\n').slice(-3).join('\n');

function requireLinux() {
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(dirname(librariesDir))) return;
  throw new SetupError(
    `CUDA files exist for Linux on x64 only; this is ${process.platform} on ${process.arch}`,
    'use the engine onnx-webgpu, which runs on graphics cards of every make',
  );
}

await runMain(async () => {
  await prepareHeadless();
  requireLinux();
  const fetched = [await fetchOnnxRuntime(), await fetchTensorflow()];
  const ready = ['onnx-cuda', 'tfjs-node-gpu'].filter((_, index) => fetched[index]);
  if (ready.length === 0) {
    throw new SetupError(
      'nothing could be fetched; everything is as it was, and the engines that were there still work',
      'connect to the internet, or use onnx-webgpu, which needs no download; see npm run facet -- engines',
    );
  }
  say(`fetched for ${ready.join(' and ')}; npm run facet -- engines --probe says whether they work`);
});
