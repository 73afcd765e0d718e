/** The packages of the lock file: each with a hash and a licence that Facet's allows, each of its own explained. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { installedLicences } from '../scripts/lib/licences.mjs';

const root = resolve(import.meta.dirname, '..');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(root, name), 'utf8')) as T;

interface Locked {
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly deprecated?: string;
}
const { packages } = read<{ packages: Record<string, Locked> }>('package-lock.json');
const locked = Object.entries(packages).filter(([path]) => path !== '');
/** Of what makes packages, which is fetched for that alone. */
const packaging = read<{ packages: Record<string, Locked> }>('packaging/package-lock.json');
const own =
  read<Record<'dependencies' | 'optionalDependencies' | 'devDependencies', Record<string, string>>>(
    'package.json',
  );
const names = Object.keys({ ...own.dependencies, ...own.optionalDependencies, ...own.devDependencies });

const FREE = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'OFL-1.1',
];
/** Of tools that are not handed on. */
const TOOLS = ['MPL-2.0', 'CC-BY-4.0'];

it('has a SHA-512 for each', () => {
  const all = [...locked, ...Object.entries(packaging.packages).filter(([path]) => path !== '')];
  expect(all.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
});

it('has none that its authors have given up', () => {
  const all = [...locked, ...Object.entries(packaging.packages)];
  expect(all.filter(([, { deprecated }]) => deprecated !== undefined).map(([path]) => path)).toEqual([]);
});

it('has a licence for each that may go with an MIT application', () => {
  const odd = locked.filter(([, { license = '', dev, devOptional }]) => {
    const allowed = dev || devOptional ? [...FREE, ...TOOLS] : FREE;
    const terms = license.replaceAll(/[()]/g, '').split(/ OR | AND /);
    return !terms.every((term) => allowed.includes(term));
  });
  expect(odd.map(([path, { license }]) => `${path} ${license}`)).toEqual([]);
});

it('says why each of its own is there, and names no other', () => {
  const page = readFileSync(join(root, 'docs', 'dependencies.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([^`]+)` +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual([...names].sort());
  for (const [, name, license] of rows) expect(license).toBe(packages[`node_modules/${name}`]?.license);
});

it('runs the scripts of no package but those that are named', () => {
  const { allowScripts } = read<{ allowScripts: Record<string, boolean> }>('package.json');
  expect(Object.keys(allowScripts).sort()).toEqual(['node', 'onnxruntime-node']);
});

it('hands on with each that is installed the terms of its licence, and none that conflicts', () => {
  const { packages: told, texts } = installedLicences();
  const handedOn = locked.filter(
    ([path, { dev, devOptional }]) => !dev && !devOptional && existsSync(join(root, path, 'package.json')),
  );
  const names = handedOn.map(([path]) =>
    path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
  );
  expect([...new Set(told.map(({ name }) => name))]).toEqual(
    [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en')),
  );
  for (const { licence, text } of told) {
    for (const term of licence.replaceAll(/[()]/g, '').split(/ OR | AND /)) expect(FREE).toContain(term);
    expect(texts[text]?.length).toBeGreaterThan(200);
  }
  const termsOf = (name: string) => texts[told.find((one) => one.name === name)?.text ?? -1];
  // Neither brings a file: MIT and Apache.
  expect(termsOf('onnxruntime-node')).toContain('Permission is hereby granted, free of charge');
  expect(termsOf('@tensorflow/tfjs-core')).toMatch(/Apache License\s+Version 2\.0/);
});
