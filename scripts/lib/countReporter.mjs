import { writeFileSync } from 'node:fs';

/** What a skipped test lacks: by itself, or by a suite that it is in. */
function reasonOf(test) {
  const { note } = test.result();
  if (note) return note;
  for (let task = test; task; task = task.parent) {
    const missing = task.meta?.().missing;
    if (missing) return missing;
  }
  return 'no reason given';
}

/** Counts of finished test files; one that could not be run, or an error outside every test, is a failure. */
export function countTests(modules, errors) {
  const inState = (state) => modules.flatMap((module) => [...module.children.allTests(state)]);
  const broken = modules.filter(
    (module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0,
  );
  return {
    passed: inState('passed').length,
    failed: inState('failed').length + broken.length + errors.length,
    skipped: inState('skipped').map((test) => ({
      name: `${test.module.relativeModuleId} > ${test.fullName}`,
      reason: reasonOf(test),
    })),
  };
}

/** Leaves the counts of a run in the file that FACET_TEST_COUNTS names; prints nothing. */
export default class CountReporter {
  onTestRunEnd(modules, errors) {
    writeFileSync(process.env.FACET_TEST_COUNTS, JSON.stringify(countTests(modules, errors)));
  }
}
