import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { appleUse, kernelUse, nvidiaUse, watchGraphics } from './graphicsUse.ts';

it('reads NVIDIA’s table, the busiest card of several, and nothing of what is not told', () => {
  expect(nvidiaUse('3, 512\n97, 20480\n')).toEqual({ load: 0.97, memoryBytes: 20_480 * 2 ** 20 });
  expect(nvidiaUse('[N/A], 1024\r\n')).toEqual({ load: null, memoryBytes: 1024 * 2 ** 20 });
  expect(nvidiaUse('[N/A], [N/A]')).toBeNull();
  expect(nvidiaUse('No devices were found\n')).toBeNull();
});

it('reads Apple’s registry', () => {
  const text =
    '"PerformanceStatistics" = {"In use system memory"=734003200,"Device Utilization %"=41,"Tiler Utilization %"=9}';
  expect(appleUse(text)).toEqual({ load: 0.41, memoryBytes: 734_003_200 });
  expect(appleUse('')).toBeNull();
});

it('reads the kernel’s files of a card, and of none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-drm-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [card, load, memory] of [
    ['card0', '7\n', '1048576\n'],
    ['card1', '63\n', '2097152\n'],
    ['card1-HDMI-A-1', '99\n', '1\n'],
  ] as const) {
    mkdirSync(join(folder, card, 'device'), { recursive: true });
    writeFileSync(join(folder, card, 'device', 'gpu_busy_percent'), load);
    writeFileSync(join(folder, card, 'device', 'mem_info_vram_used'), memory);
  }
  expect(await kernelUse(folder)).toEqual({ load: 0.63, memoryBytes: 2_097_152 });
  expect(await kernelUse(join(folder, 'none'))).toBeNull();
});

it('asks a machine that tells nothing once', async () => {
  let asked = 0;
  const watch = watchGraphics(async () => {
    asked += 1;
    return null;
  });
  await expect.poll(() => asked).toBe(1);
  expect(watch.latest()).toBeNull();
  watch.end();
});
