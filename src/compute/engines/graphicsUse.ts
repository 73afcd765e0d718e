/** How busy the graphics cards are, where the system tells anybody: NVIDIA's own tool, AMD's files of the kernel, Apple's registry. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Of the busiest card: which of several computes a run is not told. */
export interface GraphicsUse {
  /** 0 to 1; null where it is not told. */
  readonly load: number | null;
  /** Memory in use on the card, by every program. */
  readonly memoryBytes: number | null;
}

const MIB = 2 ** 20;
const QUERY_MS = 4000;
const LOOK_MS = 2000;
const DRM_CARDS = '/sys/class/drm';

const numberOf = (text: string | undefined): number | null => {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
};

const busiest = (cards: readonly GraphicsUse[]): GraphicsUse | null =>
  cards
    .filter(({ load, memoryBytes }) => load !== null || memoryBytes !== null)
    .toSorted((a, b) => (b.load ?? -1) - (a.load ?? -1) || (b.memoryBytes ?? 0) - (a.memoryBytes ?? 0))[0] ??
  null;

/** Lines of `nvidia-smi --query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits`: per cent, MiB, or `[N/A]`. */
export function nvidiaUse(text: string): GraphicsUse | null {
  return busiest(
    text.split(/\r?\n/).map((line) => {
      const [load, memory] = line.split(',').map(numberOf);
      return { load: load == null ? null : load / 100, memoryBytes: memory == null ? null : memory * MIB };
    }),
  );
}

/** Of `ioreg -r -d 1 -w 0 -c IOAccelerator`. */
export function appleUse(text: string): GraphicsUse | null {
  const found = (name: string): number | null => numberOf(new RegExp(`"${name}"=(\\d+)`).exec(text)?.[1]);
  const load = found('Device Utilization %');
  return busiest([{ load: load === null ? null : load / 100, memoryBytes: found('In use system memory') }]);
}

async function output(command: string, ...args: readonly string[]): Promise<string | null> {
  try {
    return (await promisify(execFile)(command, args, { timeout: QUERY_MS, windowsHide: true })).stdout;
  } catch {
    // Not installed, or no such card: then nothing is told.
    return null;
  }
}

/** `gpu_busy_percent` and `mem_info_vram_used` of each card of this folder. */
export async function kernelUse(folder = DRM_CARDS): Promise<GraphicsUse | null> {
  const text = (card: string, name: string) =>
    readFile(join(folder, card, 'device', name), 'utf8').catch(() => undefined);
  const cards = await readdir(folder).catch((): string[] => []);
  return busiest(
    await Promise.all(
      cards
        .filter((card) => /^card\d+$/.test(card))
        .map(async (card) => {
          const load = numberOf(await text(card, 'gpu_busy_percent'));
          return {
            load: load === null ? null : load / 100,
            memoryBytes: numberOf(await text(card, 'mem_info_vram_used')),
          };
        }),
    ),
  );
}

/** null where the system tells of none. */
async function readGraphicsUse(): Promise<GraphicsUse | null> {
  if (process.platform === 'darwin') {
    const text = await output('ioreg', '-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator');
    return text === null ? null : appleUse(text);
  }
  const query = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits'];
  const text = await output('nvidia-smi', ...query);
  const nvidia = text === null ? null : nvidiaUse(text);
  return nvidia ?? (process.platform === 'linux' ? kernelUse() : null);
}

/** What was read last, each two seconds, until it is told to end; a machine that tells nothing is asked once. */
export function watchGraphics(read = readGraphicsUse): {
  readonly latest: () => GraphicsUse | null;
  readonly end: () => void;
} {
  let latest: GraphicsUse | null = null;
  let isOver = false;
  const look = async (): Promise<void> => {
    latest = await read();
    if (latest !== null && !isOver) setTimeout(() => void look(), LOOK_MS).unref();
  };
  void look();
  return {
    latest: () => latest,
    end: () => {
      isOver = true;
    },
  };
}
