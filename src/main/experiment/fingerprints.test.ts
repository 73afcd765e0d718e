import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../data/testProject.ts';
import { rootDir, workerEntry } from '../environment.ts';
import { codeFingerprint } from './fingerprints.ts';

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

test('code is what the entry reaches: by path, by alias, by import(), and through others', () => {
  const root = temporaryFolder();
  write(root, {
    'src/worker/index.ts': "import { a } from './a.ts';\nimport ort from 'onnxruntime-node';\n",
    'src/worker/a.ts': "export const later = () => import('#lpc/b.ts');\n",
    'src/lpc/b.ts': "export { c } from '../core/c.ts';\n",
    'src/core/c.ts': 'export const c = 1;\n',
    'src/main/other.ts': 'export const other = 1;\n',
  });
  const entry = join(root, 'src/worker/index.ts');
  const before = codeFingerprint(entry, root);
  write(root, { 'src/main/other.ts': 'export const other = 2;\n' });
  expect(codeFingerprint(entry, root)).toBe(before);
  for (const name of ['src/worker/a.ts', 'src/lpc/b.ts', 'src/core/c.ts']) {
    const text = `// changed\n${name}`;
    const copy = temporaryFolder();
    write(copy, {
      'src/worker/index.ts': "import { a } from './a.ts';\nimport ort from 'onnxruntime-node';\n",
      'src/worker/a.ts': "export const later = () => import('#lpc/b.ts');\n",
      'src/lpc/b.ts': "export { c } from '../core/c.ts';\n",
      'src/core/c.ts': 'export const c = 1;\n',
      [name]: text,
    });
    expect(codeFingerprint(join(copy, 'src/worker/index.ts'), copy)).not.toBe(before);
  }
});

test('the compute process’s own code is found, bundled minified imports too', () => {
  expect(codeFingerprint(workerEntry, rootDir)).toMatch(/^[0-9a-f]{64}$/);
  const root = temporaryFolder();
  write(root, { 'out/worker.js': 'import{a}from"./chunks/a.js";', 'out/chunks/a.js': 'export const a=1;' });
  const before = codeFingerprint(join(root, 'out/worker.js'), root);
  write(root, { 'out/chunks/a.js': 'export const a=2;' });
  expect(codeFingerprint(join(root, 'out/worker.js'), root)).not.toBe(before);
});
