/** What each system is given: the packager's settings and the workflow, for the systems that are not this one too. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Settings {
  readonly appId: string;
  readonly asar: boolean;
  readonly asarUnpack: readonly string[];
  readonly files: readonly string[];
  readonly fileAssociations: readonly { readonly ext: string; readonly mimeType: string }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly linux: { readonly target: readonly string[]; readonly icon: string };
  readonly win: { readonly target: readonly string[]; readonly icon: string };
  readonly nsis: Readonly<Record<string, boolean>>;
  readonly mac: {
    readonly target: readonly { readonly target: string; readonly arch: readonly string[] }[];
    readonly icon: string;
  };
}
const settings = createRequire(import.meta.url)(join(root, 'packaging', 'builder.config.cjs')) as Settings;

it('makes the kinds of packages that each system is used to', () => {
  expect(settings.linux.target).toEqual(['AppImage']);
  expect(read('scripts/package.mjs')).toContain("linux: ['AppImage', 'deb', 'rpm']");
  expect(settings.win.target).toEqual(['nsis', 'portable']);
  expect(settings.nsis).toMatchObject({ oneClick: false, perMachine: false });
  expect(settings.mac.target.map(({ target }) => target)).toEqual(['dmg', 'zip']);
  for (const { arch } of settings.mac.target) expect(arch).toEqual(['arm64', 'x64']);
});

it('gives them the icon, the files of projects, and native parts outside the archive', () => {
  expect(settings.fileAssociations).toMatchObject([{ ext: 'facet', mimeType: 'application/x-facet' }]);
  for (const { icon } of [settings.linux, settings.win, settings.mac]) {
    const png = readFileSync(icon);
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(512);
    expect(png.readUInt32BE(20)).toBe(png.readUInt32BE(16));
  }
  expect(settings.asar).toBe(true);
  expect(settings.asarUnpack).toEqual(
    expect.arrayContaining(['**/*.node', '**/onnxruntime-node/bin/**', '**/*.wasm', 'resources/**']),
  );
});

it('closes what a package leaves open by itself', () => {
  expect(settings.electronFuses).toMatchObject({
    ...{ enableNodeOptionsEnvironmentVariable: false, enableNodeCliInspectArguments: false },
    ...{ enableEmbeddedAsarIntegrityValidation: true, onlyLoadAppFromAsar: true },
    ...{ enableCookieEncryption: true, grantFileProtocolExtraPrivileges: false },
  });
});

it.each([
  ['linux', 'x64', true],
  ['win32', 'x64', true],
  ['darwin', 'arm64', true],
  // ONNX Runtime has none; WebAssembly computes there (`src/compute/engines/ort.test.ts`).
  ['darwin', 'x64', false],
])('has the native parts for %s on %s', (platform, arch, hasOnnx) => {
  const modules = join(root, 'node_modules');
  expect(existsSync(join(modules, 'better-sqlite3', 'prebuilds', `${platform}-${arch}.node`))).toBe(true);
  const onnx = join(
    modules,
    'onnxruntime-node',
    'bin',
    'napi-v6',
    platform,
    arch,
    'onnxruntime_binding.node',
  );
  expect(existsSync(onnx)).toBe(hasOnnx);
});

it('is tested and packed on three systems by the workflow, which keeps the files', () => {
  const workflow = read('.github/workflows/ci.yml');
  const [test = '', pack = ''] = workflow.split(/^ {2}package:$/m);
  for (const system of ['ubuntu-latest', 'windows-latest', 'macos-latest']) {
    expect(test).toContain(system);
    expect(pack).toContain(system);
  }
  expect(test).toContain('run: npm test');
  expect(pack).toContain('run: npm run package');
  expect(pack).toMatch(/upload-artifact@v\d+[\s\S]*path: dist\/Facet\*/);
});

it('has a version and says what is new', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(read('CHANGELOG.md')).toMatch(/^## (Unreleased|\d+\.\d+\.\d+)/m);
});
