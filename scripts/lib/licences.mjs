/** What an installed Facet hands on of other people's, with their licences: read of the installed packages, nothing is fetched. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from './paths.mjs';

const LICENCE_FILE = /^(un)?(licen[cs]es?|copying|notice|third.?party.?notices?)([.-]|$)/i;

const textOf = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map(({ name }) => readFileSync(join(folder, name), 'utf8').trim())
    .join('\n\n');

/** `Ada <a@b.c> (https://…)` or an object, as `package.json` has it. */
const authorOf = ({ author }) => (typeof author === 'string' ? author : (author?.name ?? null));

/** Terms of a licence for packages that name one and bring no file: Facet's own for MIT, another package's for Apache. */
function termsOf(licence, texts, root) {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8');
  const terms = {
    MIT: own.slice(own.indexOf('Permission is hereby granted')).trim(),
    'Apache-2.0': texts.find((text) => /^\s*Apache License\s+Version 2\.0/.test(text)),
  };
  const named = licence.replaceAll(/[()]/g, '').split(/ OR | AND /);
  const said = `This package brings no licence file; its package.json names ${licence}.`;
  return [said, ...named.map((name) => terms[name]).filter(Boolean)].join('\n\n');
}

/**
 * Packages of the lock file that go with the application and are installed. Each distinct text stands once in `texts`; a
 * package names it by its place.
 */
export function installedLicences(root = rootDir) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  for (const [path, { dev, devOptional, license }] of Object.entries(packages)) {
    const folder = join(root, path);
    if (path === '' || dev || devOptional || !existsSync(join(folder, 'package.json'))) continue;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { name, version } = manifest;
    const entry = { name, version, licence: manifest.license ?? license, author: authorOf(manifest) };
    found.set(`${name}@${version}`, { ...entry, text: textOf(folder) });
  }
  const list = [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const files = list.map(({ text }) => text);
  const whole = list.map(({ text, ...entry }) => ({
    entry,
    text: text || termsOf(entry.licence, files, root),
  }));
  const texts = [...new Set(whole.map(({ text }) => text))];
  return { packages: whole.map(({ entry, text }) => ({ ...entry, text: texts.indexOf(text) })), texts };
}

/** For Vite: the same beside the page, which asks for it when the list is opened. */
export const licencesFile = () => ({
  name: 'facet-licences',
  apply: 'build',
  generateBundle() {
    const source = JSON.stringify(installedLicences());
    this.emitFile({ type: 'asset', fileName: 'licences.json', source });
  },
});
