/** `npm run check`: types, lint, import rules, format, unused code, the unit tests and those of the screens; for use before each commit. */
import { ensureBuild } from './lib/build.mjs';
import { checkLint, checkTypes, checkUnused, conclude, runTests } from './lib/checks.mjs';
import { runMain } from './lib/console.mjs';
import { withScreen } from './lib/screen.mjs';
import { prepareWindow } from './setup.mjs';

await runMain(async () => {
  const executable = await prepareWindow({ screen: process.platform === 'linux' });
  const checks = [await checkTypes(), await checkLint(), await checkUnused()];
  await ensureBuild();
  const tests = await withScreen((screen) =>
    runTests(['--project', 'unit', '--project', 'components'], {
      ...screen,
      FACET_ELECTRON_PATH: executable,
    }),
  );
  return conclude(checks, tests);
});
