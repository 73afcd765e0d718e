import { BaseSequencer } from 'vitest/node';

/** Tests of tens of seconds, longest first: started last, one of them would have the other processors wait for it. */
const LONG = [
  'tests/e2e/',
  'src/lpc/warmStart/scale.test.ts',
  'src/main/services/everyMethod.test.ts',
  'src/main/job/checks.test.ts',
  'tests/shell.test.ts',
  'src/lpc/train/warmStart.test.ts',
  'tests/integration/loop.test.ts',
  'src/main/cli/demo.test.ts',
  'tests/components/storedText.test.ts',
  'tests/components/accessibility.test.ts',
];

/** Vitest's own order, by size of file, but for those that are known to be long. */
export class LongFirst extends BaseSequencer {
  async sort(specifications) {
    const place = ({ moduleId }) => {
      const at = LONG.findIndex((name) => moduleId.replaceAll('\\', '/').includes(name));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(specifications)).sort((one, other) => place(one) - place(other));
  }
}
