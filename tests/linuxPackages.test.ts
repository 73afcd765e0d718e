/** deb and rpm of a made-up application: what they install where, and that the system's own tools can read it. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { needing } from '#disk/testNeeds.ts';
import { linuxPackage } from '../scripts/lib/linuxPackages.mjs';

const facts = { version: '1.2.3', license: 'MIT' };
const has = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined;
const read = (tool: string, args: string[]): string => spawnSync(tool, args, { encoding: 'utf8' }).stdout;

function application(): string {
  const folder = mkdtempSync(join(tmpdir(), 'facet-linux-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const unpacked = join(folder, 'linux-unpacked');
  mkdirSync(join(unpacked, 'bin'), { recursive: true });
  for (const name of ['facet', 'chrome-sandbox', join('bin', 'facet')]) {
    writeFileSync(join(unpacked, name), '#!/bin/sh\n');
    chmodSync(join(unpacked, name), 0o755);
  }
  return unpacked;
}

const LISTED = [
  '/opt/Facet/facet',
  '/opt/Facet/chrome-sandbox',
  '/usr/bin/facet',
  '/usr/share/applications/facet.desktop',
  '/usr/share/mime/packages/facet.xml',
  '/usr/share/icons/hicolor/512x512/apps/facet.png',
];

it('makes a package of Debian', needing(has('dpkg-deb') ? null : 'dpkg-deb is not here'), async () => {
  const unpacked = application();
  const file = join(unpacked, '..', 'facet.deb');
  expect(await linuxPackage('deb', unpacked, file, facts)).toMatchObject({ made: true });
  expect(read('dpkg-deb', ['--info', file])).toMatch(
    /Package: facet[\s\S]*Version: 1\.2\.3[\s\S]*Maintainer: .+@/,
  );
  const list = read('dpkg-deb', ['--contents', file]);
  for (const path of LISTED) expect(list).toContain(`.${path}`);
  expect(list).toMatch(/^-rwsr-xr-x root\/root .*chrome-sandbox$/m);
  const at = join(unpacked, '..', 'installed');
  spawnSync('dpkg-deb', ['-x', file, at]);
  expect(read('cat', [join(at, 'usr/share/applications/facet.desktop')])).toContain(
    'Exec=/opt/Facet/facet %f',
  );
  expect(read('cat', [join(at, 'usr/share/mime/packages/facet.xml')])).toContain('pattern="*.facet"');
  // The application itself is as it was.
  expect(read('stat', ['-c', '%a', join(unpacked, 'chrome-sandbox')]).trim()).toBe('755');
});

it('makes a package of Red Hat', needing(has('rpmbuild') ? null : 'rpmbuild is not here'), async () => {
  const unpacked = application();
  const file = join(unpacked, '..', 'facet.rpm');
  const { made, output } = await linuxPackage('rpm', unpacked, file, facts);
  expect(made, output).toBe(true);
  const list = read('rpm', ['-qplv', file]).split('\n');
  for (const path of LISTED) expect(list.join('\n')).toContain(path);
  expect(list.find((line) => line.includes('chrome-sandbox'))).toMatch(/^-rwsr-xr-x/);
  expect(read('rpm', ['-qpR', file])).toContain('gtk3');
});
