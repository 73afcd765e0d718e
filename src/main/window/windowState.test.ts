import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWindowState, visibleBounds, writeWindowState } from './windowState.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-window-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the stored state', () => {
  test('comes back as written, its folder made', () => {
    const path = join(folder, 'deep', 'window.json');
    const state = {
      bounds: { x: 1, y: 2, width: 900, height: 700 },
      maximized: true,
      background: 'rgb(19, 20, 24)',
    };
    writeWindowState(path, state);
    expect(readWindowState(path)).toEqual(state);
  });

  test.each(['', '{', '{"bounds": 3}', '{"bounds":null,"maximized":false,"background":"url(http://x)"}'])(
    'that is damaged starts afresh: %s',
    (text) => {
      const path = join(folder, 'damaged.json');
      writeFileSync(path, text);
      expect(readWindowState(path)).toEqual({ bounds: null, maximized: false, background: null });
    },
  );
});

describe('stored bounds', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const at = (x: number, y: number) => ({ x, y, width: 1000, height: 800 });

  test.each([
    [at(100, 100), true],
    [at(1800, 100), true],
    [at(1900, 100), false],
    [at(-950, 100), false],
    [at(100, -20), false],
    [at(100, 1200), false],
    [at(2500, 100), false],
  ])('%o are used where the title bar can be reached: %s', (bounds, used) => {
    expect(visibleBounds(bounds, screens)).toEqual(used ? bounds : null);
  });
});
