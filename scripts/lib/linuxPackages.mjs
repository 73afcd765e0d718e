/**
 * Packages of Debian and of Red Hat from the unpacked application, by those systems' own `dpkg-deb` and `rpmbuild`: nothing is
 * fetched, where electron-builder would fetch a program for it.
 */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootDir } from './paths.mjs';
import { run } from './process.mjs';

const HOME = '/opt/Facet';
/** There is no address yet; `.invalid` is reserved, so that none of ours ever leads to somebody else. */
const MAINTAINER = 'The Facet developers <developers@facet.invalid>';
const SUMMARY = 'Align language models with preferences';
const NEEDS = {
  deb: [
    ...['libgtk-3-0 | libgtk-3-0t64', 'libnotify4', 'libnss3', 'libxss1', 'libxtst6', 'xdg-utils'],
    ...['libatspi2.0-0 | libatspi2.0-0t64', 'libuuid1', 'libsecret-1-0', 'libgbm1'],
    'libasound2 | libasound2t64',
  ],
  rpm: ['gtk3', 'libnotify', 'nss', 'libXScrnSaver', 'libXtst', 'xdg-utils', 'at-spi2-core', 'libuuid'],
};
const ARCHITECTURES = { x64: ['amd64', 'x86_64'], arm64: ['arm64', 'aarch64'] };

const desktop = () => `[Desktop Entry]
Name=Facet
Comment=${SUMMARY}
Exec=${HOME}/facet %f
Icon=facet
Type=Application
Terminal=false
StartupWMClass=Facet
Categories=Science;
MimeType=application/x-facet;
`;

const mime = () => `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-facet">
    <comment>Facet project</comment>
    <glob pattern="*.facet"/>
    <icon name="facet"/>
  </mime-type>
</mime-info>
`;

/** `Installed-Size` is in KiB. */
const control = ({ version, homepage }, architecture, installedKb) =>
  [
    'Package: facet',
    `Version: ${version}`,
    'Section: science',
    'Priority: optional',
    `Architecture: ${architecture}`,
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${installedKb}`,
    `Depends: ${NEEDS.deb.join(', ')}`,
    ...(homepage ? [`Homepage: ${homepage}`] : []),
    `Description: ${SUMMARY}`,
    ' Label preference pairs, train on this machine, and read which codes the policy fires.',
    '',
  ].join('\n');

const spec = ({ version, homepage, license }) => `Name: facet
Version: ${version.replaceAll('-', '~')}
Release: 1
Summary: ${SUMMARY}
License: ${license}
${homepage ? `URL: ${homepage}\n` : ''}Packager: ${MAINTAINER}
AutoReqProv: no
${NEEDS.rpm.map((name) => `Requires: ${name}`).join('\n')}
%global __strip /bin/true
%global __brp_mangle_shebangs %{nil}
%global _build_id_links none
%global debug_package %{nil}
%description
Label preference pairs, train on this machine, and read which codes the policy fires.
%files
%defattr(-, root, root, -)
${HOME}
%attr(4755, root, root) ${HOME}/chrome-sandbox
/usr/bin/facet
/usr/share/applications/facet.desktop
/usr/share/mime/packages/facet.xml
/usr/share/icons/hicolor/512x512/apps/facet.png
`;

/** The tree as it is installed: hard links to the application, so that it takes no room of its own. */
async function stage(unpacked, folder) {
  const at = (...parts) => join(folder, ...parts);
  for (const place of ['opt', 'usr/bin', 'usr/share/applications', 'usr/share/mime/packages'])
    mkdirSync(at(place), { recursive: true });
  mkdirSync(at('usr/share/icons/hicolor/512x512/apps'), { recursive: true });
  const { status } = await run('cp', ['-al', unpacked, at(HOME)], { capture: true });
  if (status !== 0) throw new Error(`${unpacked} could not be linked into ${folder}`);
  // Chromium's sandbox where the system lets nobody make namespaces; a copy, since the link's file is the application's.
  rmSync(at(HOME, 'chrome-sandbox'));
  cpSync(join(unpacked, 'chrome-sandbox'), at(HOME, 'chrome-sandbox'));
  chmodSync(at(HOME, 'chrome-sandbox'), 0o4755);
  symlinkSync(`${HOME}/bin/facet`, at('usr/bin/facet'));
  writeFileSync(at('usr/share/applications/facet.desktop'), desktop());
  writeFileSync(at('usr/share/mime/packages/facet.xml'), mime());
  cpSync(join(rootDir, 'resources', 'icon.png'), at('usr/share/icons/hicolor/512x512/apps/facet.png'));
}

async function makeDeb(folder, target, facts, architecture) {
  const { output: size } = await run('du', ['-sk', folder], { capture: true });
  mkdirSync(join(folder, 'DEBIAN'));
  writeFileSync(join(folder, 'DEBIAN', 'control'), control(facts, architecture, Number.parseInt(size, 10)));
  return run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z3', '--build', folder, target], { capture: true });
}

async function makeRpm(folder, target, facts, architecture) {
  const work = mkdtempSync(join(tmpdir(), 'facet-rpm-'));
  try {
    const file = join(work, 'facet.spec');
    writeFileSync(file, spec(facts));
    const defines = [
      `_topdir ${work}`,
      `_rpmdir ${work}`,
      '_build_name_fmt facet.rpm',
      '_binary_payload w3.xzdio',
    ];
    const args = ['-bb', '--target', architecture, '--buildroot', folder];
    const made = await run('rpmbuild', [...args, ...defines.flatMap((one) => ['--define', one]), file], {
      capture: true,
    });
    if (made.status === 0) cpSync(join(work, 'facet.rpm'), target);
    return made;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Makes `target`, a file, of `kind`; `facts` are those of package.json. Gives electron-builder's kind of answer: whether it
 * was made, and what was said. A system without the tool says so.
 */
export async function linuxPackage(kind, unpacked, target, facts) {
  const [deb, rpm] = ARCHITECTURES[process.arch] ?? [];
  if (deb === undefined) return { made: false, output: `error: no ${kind} for ${process.arch}` };
  // Beside the application, so that links can be made.
  const folder = mkdtempSync(join(unpacked, '..', `.${kind}-`));
  try {
    chmodSync(folder, 0o755);
    await stage(unpacked, folder);
    const make = kind === 'deb' ? makeDeb : makeRpm;
    const { status, output } = await make(folder, target, facts, kind === 'deb' ? deb : rpm);
    return { made: status === 0, output };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { made: false, output: `error: ${error.message}: install ${kind === 'deb' ? 'dpkg' : 'rpm'}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
