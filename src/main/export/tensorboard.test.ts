import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventFileHead, eventRecord, type ScalarEvent } from './tensorboard.ts';

interface Golden {
  readonly events: readonly (Omit<ScalarEvent, 'step'> & { readonly step?: number })[];
  readonly hex: string;
}

it('writes the bytes that TensorBoard’s own writer does', () => {
  const path = join(import.meta.dirname, '../../../tests/golden/tensorboard.json');
  const { events, hex } = JSON.parse(readFileSync(path, 'utf8')) as Golden;
  const written = events.map(({ wallTime, step, values }) =>
    step === undefined ? eventFileHead(wallTime) : eventRecord({ wallTime, step, values }),
  );
  expect(Buffer.concat(written).toString('hex')).toBe(hex);
});
