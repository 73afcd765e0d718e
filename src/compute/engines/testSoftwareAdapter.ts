/** For tests: a WebGPU adapter in software, from Electron's runtime. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** What a process needs in its environment from its start to find it; null where there is none. */
export function softwareAdapterEnvironment(): Readonly<Record<string, string>> | null {
  const fetched = join(repositoryRoot, '.runtime');
  const folders = existsSync(fetched) ? readdirSync(fetched).map((name) => join(fetched, name)) : [];
  const folder = [join(repositoryRoot, 'node_modules', 'electron', 'dist'), ...folders].find(
    (one) => existsSync(join(one, 'vk_swiftshader_icd.json')) && existsSync(join(one, 'libvulkan.so.1')),
  );
  if (folder === undefined) return null;
  return { VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: folder };
}
