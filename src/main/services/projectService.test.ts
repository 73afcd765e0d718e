import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PLAIN_GOLD } from '#core/gold.ts';
import { PLAIN_RATINGS } from '#core/ratings.ts';
import { PLAIN_RULES } from '#core/verdictAttributes.ts';
import { migrate } from '../data/migrate.ts';
import { SCHEMA_VERSION } from '../data/migrations/index.ts';
import { lockProject } from '../data/projectLock.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { Connection } from './Connection.ts';

describe('projects', () => {
  it('are created, closed, opened again and remembered, newest first', async () => {
    const { facet, folder, path } = await openFacet();
    const { project } = facet.services;
    const second = join(folder, 'second.facet');
    await project.create({ path: second, name: 'Second' });
    expect(project.current()).toMatchObject({ name: 'Second', counts: { pairs: 0, labelled: 0 } });
    await project.close();
    expect(project.current()).toBeNull();
    expect(await project.open(path)).toMatchObject({ name: 'Test', path });
    expect(project.recent().map(({ name, exists }) => [name, exists])).toEqual([
      ['Test', true],
      ['Second', true],
    ]);
    expect(readdirSync(folder).filter((name) => name.startsWith('second'))).toEqual(['second.facet']);
  });

  it('stay open when another cannot be opened', async () => {
    const { facet, folder, path } = await openFacet();
    const text = join(folder, 'text.facet');
    writeFileSync(text, 'no database at all, and long enough to be read as one');
    await expect(facet.services.project.open(text)).rejects.toMatchObject({
      failure: { code: 'project.not-a-project' },
    });
    expect(facet.services.project.current()?.path).toBe(path);
    expect(existsSync(`${text}-lock`)).toBe(false);
    await expect(
      facet.services.project.create({ path: join(folder, 'no', 'such.facet'), name: 'x' }),
    ).rejects.toMatchObject({ failure: { code: 'project.cannot-open' } });
  });

  it('are open in one workbench at a time', async () => {
    const { facet, folder, path } = await openFacet();
    const other = facetOver(folder, { userDataDir: join(folder, 'other') });
    onTestFinished(() => other.dispose());
    await expect(other.services.project.open(path)).rejects.toMatchObject({
      failure: { code: 'project.in-use' },
    });
    await facet.services.project.close();
    expect(await other.services.project.open(path)).toMatchObject({ name: 'Test' });
  });

  it('are one project by whatever link they are opened', async () => {
    const { facet, folder, path } = await openFacet();
    mkdirSync(join(folder, 'elsewhere'));
    const link = join(folder, 'elsewhere', 'link.facet');
    symlinkSync(path, link);
    symlinkSync(folder, join(folder, 'elsewhere', 'folder'));
    const other = facetOver(folder, { userDataDir: join(folder, 'other') });
    onTestFinished(() => other.dispose());
    for (const way of [link, join(folder, 'elsewhere', 'folder', 'test.facet')]) {
      await expect(other.services.project.open(way)).rejects.toMatchObject({
        failure: { code: 'project.in-use' },
      });
      expect(await facet.services.project.open(way)).toMatchObject({ name: 'Test', path });
    }
    expect(readdirSync(join(folder, 'elsewhere')).sort()).toEqual(['folder', 'link.facet']);
    const dangling = join(folder, 'dangling.facet');
    symlinkSync(join(folder, 'nowhere.facet'), dangling);
    await expect(facet.services.project.create({ path: dangling, name: 'x' })).rejects.toMatchObject({
      failure: { code: 'project.exists' },
    });
  });

  it('are one project by a second name of the same file, which has a log of its own', async () => {
    const { facet, folder, path } = await openFacet();
    const second = join(folder, 'second.facet');
    await facet.services.project.close();
    await facet.services.project.open(path);
    linkSync(path, second);
    const other = facetOver(folder, { userDataDir: join(folder, 'other') });
    onTestFinished(() => other.dispose());
    await expect(other.services.project.open(second)).rejects.toMatchObject({
      failure: { code: 'project.in-use' },
    });
    await facet.services.project.close();
    expect(await other.services.project.open(second)).toMatchObject({ name: 'Test', path: second });
    expect(readdirSync(folder).filter((name) => name.endsWith('-lock'))).toEqual(['second.facet-lock']);
  });

  it('open once when they are asked for twice at once', async () => {
    const { facet, path } = await openFacet();
    const { project } = facet.services;
    await project.close();
    const opened = await Promise.all([project.open(path), project.open(path)]);
    expect(opened.map(({ name }) => name)).toEqual(['Test', 'Test']);
  });

  it('of an older version are upgraded under their lock alone, with a copy beside', async () => {
    const { facet, folder } = await openFacet();
    const path = join(folder, 'old.facet');
    const version = () => {
      const database = new Sqlite(path, { readonly: true });
      try {
        return database.pragma('user_version', { simple: true });
      } finally {
        database.close();
      }
    };
    const old = new Sqlite(path);
    migrate(old, 2);
    old.exec(`INSERT INTO sources VALUES (1, 's', 'f', 'pairs', 't');
      INSERT INTO prompts VALUES (1, x'01', '[{"role":"user","content":"Hi"}]', 'Hi');
      INSERT INTO responses VALUES (1, 1, x'01', 'yes'), (2, 1, x'02', 'no');
      INSERT INTO pairs VALUES (1, x'01', 1, 1, 1, 2, NULL, 1);`);
    const settings = {
      name: 'Old',
      createdAt: '2026-01-01',
      project: { guidelines: '', revealBeforeVerdict: false },
      currentAnnotator: 1,
    };
    for (const [key, value] of Object.entries(settings)) {
      old.prepare('INSERT INTO settings VALUES (?, ?)').run(key, JSON.stringify(value));
    }
    old.close();
    writeFileSync(`${path}.v1.2026-01-01T000000Z.backup`, 'of an earlier upgrade');

    const release = lockProject(path);
    await expect(facet.services.project.open(path)).rejects.toMatchObject({
      failure: { code: 'project.in-use' },
    });
    expect(version()).toBe(2);
    release();

    expect(await facet.services.project.open(path)).toMatchObject({ counts: { pairs: 1 } });
    expect(version()).toBe(SCHEMA_VERSION);
    const copies = readdirSync(folder).filter((name) => name.startsWith('old.facet.v'));
    expect(copies).toHaveLength(1);
    expect(copies[0]).toMatch(/^old\.facet\.v2\.\d{4}-\d{2}-\d{2}T\d{6}Z\.backup$/);
    const copy = new Sqlite(join(folder, copies[0] as string), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(2);
    expect(copy.prepare('SELECT count(*) FROM pairs').pluck().get()).toBe(1);
    copy.close();
  });

  it('make the sample once and open it after that', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'resources', 'sample'), { recursive: true });
    writeFileSync(
      join(folder, 'resources', 'sample', 'sample.jsonl'),
      '{"prompt":"p","chosen":"a","rejected":"b","source":"kind"}\n',
    );
    const facet = facetOver(folder);
    onTestFinished(() => facet.dispose());
    const { project } = facet.services;
    expect(await project.openSample()).toMatchObject({ name: 'Sample', counts: { pairs: 1 } });
    await (await labelAs(facet)).decide({ pairId: 1, verdict: 'a' });
    await project.close();
    expect(await project.openSample()).toMatchObject({ counts: { pairs: 1, labelled: 1 } });
    expect(readdirSync(join(folder, 'user')).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('say so where there is no sample', async () => {
    const facet = facetOver(temporaryFolder());
    await expect(facet.services.project.openSample()).rejects.toMatchObject({
      failure: { code: 'project.no-sample' },
    });
  });

  it('keep their settings, and set aside a list of recent ones that cannot be read', async () => {
    const { facet, folder, path } = await openFacet();
    await facet.services.guidelines.save(new Connection(), { text: 'Prefer the short one.', note: '' });
    await facet.services.project.close();
    writeFileSync(join(folder, 'user', 'recent.json'), '{half');
    expect(facet.services.project.recent()).toEqual([]);
    expect(readFileSync(join(folder, 'user', 'recent.json.unreadable'), 'utf8')).toBe('{half');
    const { settings } = await facet.services.project.open(path);
    expect(settings).toEqual({
      guidelines: 'Prefer the short one.',
      blind: true,
      overlap: null,
      gold: PLAIN_GOLD,
      repeats: 0,
      ratings: PLAIN_RATINGS,
      verdict: PLAIN_RULES,
    });
  });

  it('keep both of two rules of verdicts that are changed at once', async () => {
    const { facet } = await openFacet();
    const { project } = facet.services;
    await Promise.all([
      project.updateSettings({ verdict: { strength: 'seven' } }),
      project.updateSettings({ verdict: { confidence: 'required' }, blind: undefined }),
    ]);
    expect(project.current()?.settings).toMatchObject({
      blind: true,
      verdict: { ...PLAIN_RULES, strength: 'seven', confidence: 'required' },
    });
  });
});
