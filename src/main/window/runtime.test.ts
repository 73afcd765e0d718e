import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../data/testProject.ts';
import { windowRuntime } from './runtime.ts';

it('tells the official runtime from a copy of somebody else’s', () => {
  const folder = temporaryFolder();
  const executable = join(folder, 'electron');
  expect(windowRuntime(executable).isOfficial).toBe(true);
  writeFileSync(join(folder, 'integrity'), 'electron-somebody@1.2.3 sha512-abc\n');
  expect(windowRuntime(executable)).toEqual({ name: 'electron-somebody@1.2.3', isOfficial: false });
});
