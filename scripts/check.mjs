/** `npm run check`: types, lint, import rules, format and the unit tests, for use before each commit. */
import { checkLint, checkTypes, checkUnused, runTests, totalLine } from './lib/checks.mjs';
import { runMain } from './lib/console.mjs';
import { prepareHeadless } from './setup.mjs';

await runMain(async () => {
  await prepareHeadless();
  const checks = [await checkTypes(), await checkLint(), await checkUnused()];
  const tests = await runTests(['--project', 'unit'], {});
  const failed = tests.failed + checks.filter((passed) => !passed).length;
  process.stdout.write(`${totalLine({ passed: tests.passed, failed })}\n`);
  return failed === 0 ? 0 : 1;
});
