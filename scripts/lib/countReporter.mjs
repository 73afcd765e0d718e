import { writeFileSync } from 'node:fs';

/** Counts of finished test files; one that could not be run, or an error outside every test, is a failure. */
export function countTests(modules, errors) {
  const count = (module, state) => [...module.children.allTests(state)].length;
  const sum = (counts) => counts.reduce((total, value) => total + value, 0);
  const broken = modules.filter((module) => module.state() === 'failed' && count(module, 'failed') === 0);
  return {
    passed: sum(modules.map((module) => count(module, 'passed'))),
    failed: sum(modules.map((module) => count(module, 'failed'))) + broken.length + errors.length,
  };
}

/** Leaves the counts of a run in the file that FACET_TEST_COUNTS names; prints nothing. */
export default class CountReporter {
  onTestRunEnd(modules, errors) {
    writeFileSync(process.env.FACET_TEST_COUNTS, JSON.stringify(countTests(modules, errors)));
  }
}
