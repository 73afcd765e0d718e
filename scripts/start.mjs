/** `npm start`: the window where there is a display, else the same workbench on a loopback address. */
import { ensureBuild } from './lib/build.mjs';
import { runMain, say } from './lib/console.mjs';
import { electronArgs } from './lib/electron.mjs';
import { cliPath, nodePath, rootDir } from './lib/paths.mjs';
import { run } from './lib/process.mjs';
import { prepareHeadless, prepareWindow } from './setup.mjs';

const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

async function serve(args) {
  await prepareHeadless();
  await ensureBuild();
  say('there is no display here: serving the workbench to a browser instead');
  return run(nodePath, [cliPath, 'serve', ...args]);
}

async function openWindow(args) {
  const executable = await prepareWindow({ screen: false });
  await ensureBuild();
  return run(executable, [...electronArgs(), rootDir, ...args]);
}

await runMain(async () => {
  const args = process.argv.slice(2);
  const { status } = await (hasDisplay ? openWindow(args) : serve(args));
  return status;
});
