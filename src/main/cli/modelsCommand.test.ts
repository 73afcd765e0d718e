import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../data/testProject.ts';
import { TestHub } from '../hub/testHub.ts';
import { createProgram } from './program.ts';

const FILES = {
  'config.json': Buffer.from('{}'),
  'tokenizer.json': Buffer.from('{}'),
  'model.safetensors': Buffer.alloc(9000, 7),
};

/** What a command prints as JSON. */
async function printed(...args: string[]): Promise<unknown> {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    await createProgram().parseAsync([...args, '--json'], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return JSON.parse(lines.join(''));
}

describe('facet models', () => {
  it('fetches a model without a project, lists it, and says why where it can’t', async () => {
    const hub = await new TestHub('acme/tiny', FILES).start();
    const userDataDir = temporaryFolder();
    vi.stubEnv('FACET_USER_DATA', userDataDir);
    try {
      const parent = join(userDataDir, 'elsewhere');
      const download = await printed(
        'models',
        'download',
        'acme/tiny',
        '--endpoint',
        hub.endpoint,
        '--to',
        parent,
      );
      expect(download).toMatchObject({ state: 'done', folder: join(parent, 'acme', 'tiny'), modelId: null });
      expect(existsSync(join(parent, 'acme', 'tiny', 'model.safetensors'))).toBe(true);
      expect(await printed('models', 'list')).toMatchObject({
        models: null,
        downloads: [{ repo: 'acme/tiny' }],
      });
      await expect(printed('models', 'download', 'acme/none')).rejects.toMatchObject({
        failure: { code: 'hub.not-found' },
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
