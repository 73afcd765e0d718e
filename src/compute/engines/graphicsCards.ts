/** Names of the graphics cards that the system tells of: ONNX Runtime doesn't say which adapter it took. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const NVIDIA_CARDS = '/proc/driver/nvidia/gpus';
const DRM_CARDS = '/sys/class/drm';
const QUERY_TIMEOUT_MS = 5000;
/** PCI vendors of graphics cards. */
const VENDORS: Readonly<Record<string, string>> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x5143': 'Qualcomm',
  '0x13b5': 'Arm',
};

/** Entries of a folder; none where the system has no such folder. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return null;
  }
}

/** Cards by NVIDIA's driver, with their model names. */
export async function nvidiaCards(folder = NVIDIA_CARDS): Promise<string[]> {
  const texts = await Promise.all(
    (await entriesOf(folder)).map((card) => textOf(join(folder, card, 'information'))),
  );
  return texts.flatMap((text) => {
    const model = /^Model:\s*(.+)$/m.exec(text ?? '')?.[1];
    return model === undefined ? [] : [model.startsWith('NVIDIA') ? model : `NVIDIA ${model}`];
  });
}

async function drmCards(): Promise<string[]> {
  const cards = (await entriesOf(DRM_CARDS)).filter((name) => /^card\d+$/.test(name));
  const vendors = await Promise.all(cards.map((card) => textOf(join(DRM_CARDS, card, 'device', 'vendor'))));
  return vendors.flatMap((vendor) => {
    const name = VENDORS[vendor ?? ''];
    return name === undefined || name === 'NVIDIA' ? [] : [`${name} graphics`];
  });
}

async function windowsCards(): Promise<string[]> {
  const query = 'Get-CimInstance Win32_VideoController | Select-Object -ExpandProperty Name';
  try {
    const { stdout } = await promisify(execFile)('powershell', ['-NoProfile', '-Command', query], {
      timeout: QUERY_TIMEOUT_MS,
      windowsHide: true,
    });
    return stdout.split(/\r?\n/).filter((line) => line.trim() !== '');
  } catch {
    // A name is a courtesy: without one the engine is as good.
    return [];
  }
}

/** Every card the system names; empty where it names none. */
export async function graphicsCards(): Promise<string[]> {
  if (process.platform === 'darwin') return [`${cpus()[0]?.model ?? 'Apple'} graphics`];
  if (process.platform === 'win32') return windowsCards();
  return [...(await nvidiaCards()), ...(await drmCards())];
}

/** Software adapters are asked for by the file that describes their Vulkan driver. */
export function softwareAdapter(environment: NodeJS.ProcessEnv = process.env): string | null {
  const files = `${environment.VK_DRIVER_FILES ?? ''}:${environment.VK_ICD_FILENAMES ?? ''}`;
  if (/swiftshader/i.test(files)) return 'SwiftShader, a software adapter';
  return /lvp_icd|llvmpipe/i.test(files) ? 'llvmpipe, a software adapter' : null;
}

/** The adapter of a WebGPU engine that works, in words that claim no more than is known. */
export function adapterWords(cards: readonly string[], software: string | null): string {
  if (software !== null) return software;
  const [first, ...others] = cards;
  if (first === undefined) return 'an adapter without a name, perhaps in software';
  return others.length === 0 ? first : `one of ${cards.join(', ')}`;
}
