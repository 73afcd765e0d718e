import { expect, test } from 'vitest';
import { Writer } from './Writer.ts';

test('turns of a long task are short while somebody else writes or waits', async () => {
  const writer = new Writer();
  const release = await writer.hold();
  const alone = writer.sharedTurnMs();
  const waiting = writer.hold();
  expect(writer.sharedTurnMs()).toBeLessThan(alone);
  release();
  (await waiting)();
  expect(writer.sharedTurnMs()).toBe(alone);
  await writer.write(() => undefined);
  expect(writer.sharedTurnMs()).toBeLessThan(alone);
});
