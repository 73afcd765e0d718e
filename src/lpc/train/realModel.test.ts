/** The robust preset on a model of a real width, over pairs whose context decides which reply is preferred. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import { ROBUST_RUN } from '#core/presets.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { smolDir, smolMissing } from '../backbone/testModel.ts';
import { framesOf, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const PLAIN = ['Hey, sure thing!', 'Yeah, here you go, buddy.', 'No worries, mate!'];
const COURTEOUS = ['Certainly, dear customer.', 'With pleasure, madam.', 'We would be delighted, sir.'];

/** To a friend the plain reply wins, to a customer the courteous one: no constant taste beats a coin. */
const opposedTones = (): PreferencePair[] =>
  Array.from({ length: 64 }, (_, index) => {
    const toFriend = index % 2 === 0;
    const [plain, courteous] = [PLAIN[index % 3] as string, COURTEOUS[(index >> 2) % 3] as string];
    const context = toFriend ? 'I am texting my best friend.' : 'I am writing to a customer.';
    return {
      id: `pair-${index}`,
      promptId: `prompt-${index}`,
      source: toFriend ? 'friend' : 'customer',
      aspect: null,
      messages: [{ role: 'user', content: `${context} Answer request ${index}.` }],
      chosen: toFriend ? plain : courteous,
      rejected: toFriend ? courteous : plain,
    };
  });

describe('the robust preset on SmolLM2', needing(smolMissing), () => {
  it('begins at ln 2, and keeps codes for contexts that oppose', async () => {
    const run = await runIn(
      root,
      opposedTones(),
      {
        ...ROBUST_RUN,
        trainable: 'heads',
        steps: 2,
        tokenBudget: 512,
        maxPromptTokens: 48,
        maxReplyTokens: 16,
        heldOutShare: 0.2,
        evaluateEvery: 0,
        engine: 'onnx-cpu',
        latent: {
          ...(ROBUST_RUN.latent as LatentConfig),
          codes: 8,
          warmStartRestarts: 1,
          // No more than their replies span: a further one would tell contexts apart by what the model expects.
          codeDirections: 4,
        },
      },
      undefined,
      smolDir,
    );
    expect(Math.abs((run.steps[0]?.loss ?? 0) - Math.LN2)).toBeLessThan(0.02);
    expect(run.evaluations.at(-1)?.codePerplexity ?? 0).toBeGreaterThan(1.5);
    const notes = framesOf(run.frames, 'phase').flatMap(({ note }) => note ?? []);
    const [found] = notes.filter((note) => note.startsWith('Warm start'));
    expect(Number(/(\d+) of 8 codes in use/.exec(found ?? '')?.[1])).toBeGreaterThanOrEqual(2);
  }, 600_000);
});
