/** `npm run screens`: pictures of every screen of the real app, light and dark, wide and narrow. */
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { runMain } from './lib/console.mjs';
import { nodePath, rootDir } from './lib/paths.mjs';
import { run } from './lib/process.mjs';
import { withScreen } from './lib/screen.mjs';
import { prepareWindow } from './setup.mjs';

await runMain(async () => {
  const executable = await prepareWindow({ screen: process.platform === 'linux' });
  await ensureBuild();
  const script = join(rootDir, 'scripts', 'screenshots.ts');
  const { status } = await withScreen((screen) =>
    run(nodePath, [script, ...process.argv.slice(2)], {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      env: { ...screen, FACET_ELECTRON_PATH: executable },
    }),
  );
  return status;
});
