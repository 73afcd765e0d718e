/**
 * `npm run gpu:bench [FOLDER]`: the benchmark as one script in a folder (default `.gpu/built`), for a machine that has
 * Node, onnxruntime-node and a graphics driver and nothing else: `node bench.mjs engine --engine onnx-webgpu --json`.
 */
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { runMain, say, step } from './lib/console.mjs';
import { rootDir } from './lib/paths.mjs';
import { prepareHeadless } from './setup.mjs';

await runMain(async () => {
  await prepareHeadless();
  const outDir = resolve(process.argv[2] ?? join(rootDir, '.gpu', 'built'));
  await step('building the benchmark', () =>
    build({
      root: rootDir,
      configFile: false,
      logLevel: 'warn',
      ssr: { noExternal: true, external: ['onnxruntime-node', '@tensorflow/tfjs-node-gpu'] },
      build: {
        ssr: join(rootDir, 'src', 'worker', 'bench', 'index.ts'),
        outDir,
        emptyOutDir: true,
        target: 'node24',
        rollupOptions: {
          output: { format: 'es', entryFileNames: 'bench.mjs', chunkFileNames: '[name].mjs' },
        },
      },
    }),
  );
  say(`built ${join(outDir, 'bench.mjs')}`);
});
