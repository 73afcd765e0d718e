/**
 * `npm test`: set-up, types, lint, build, then every test, the window's own on a virtual screen.
 * With arguments, only the tests that they select: `npm test -- tests/e2e`.
 */
import { ensureBuild } from './lib/build.mjs';
import { checkLint, checkTypes, checkUnused, conclude, runTests } from './lib/checks.mjs';
import { runMain } from './lib/console.mjs';
import { withScreen } from './lib/screen.mjs';
import { prepareWindow } from './setup.mjs';

await runMain(async () => {
  const filters = process.argv.slice(2);
  const executable = await prepareWindow({ screen: process.platform === 'linux' });
  const checks = filters.length > 0 ? [] : [await checkTypes(), await checkLint(), await checkUnused()];
  await ensureBuild();
  const tests = await withScreen((screen) =>
    runTests(filters, { ...screen, FACET_ELECTRON_PATH: executable }),
  );
  return conclude(checks, tests);
});
