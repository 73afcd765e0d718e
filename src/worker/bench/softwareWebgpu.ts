/** A WebGPU adapter in software for machines without graphics: SwiftShader, from Electron's runtime or from Chromium. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Folders that may hold the driver and, beside it, the Vulkan loader. */
function folders(): string[] {
  const runtime = join(root, '.runtime');
  const fetched = existsSync(runtime) ? readdirSync(runtime).map((name) => join(runtime, name)) : [];
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  return [
    ...(override ? [override] : []),
    join(root, 'node_modules', 'electron', 'dist'),
    ...fetched,
    '/usr/lib/chromium',
  ];
}

/** What a child process needs in its environment to find the adapter; null where there is none on this system. */
export function softwareWebgpu(): Record<string, string> | null {
  if (process.platform !== 'linux') return null;
  const folder = folders().find((candidate) => existsSync(join(candidate, DRIVER)));
  if (folder === undefined) return null;
  const libraries = [
    ...(existsSync(join(folder, LOADER)) ? [folder] : []),
    process.env.LD_LIBRARY_PATH ?? '',
  ];
  return {
    VK_ICD_FILENAMES: join(folder, DRIVER),
    VK_DRIVER_FILES: join(folder, DRIVER),
    LD_LIBRARY_PATH: libraries.filter((entry) => entry !== '').join(delimiter),
  };
}
