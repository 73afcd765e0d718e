import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, openFacet } from '../testFacet.ts';

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

  it('make the sample once and open it after that', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'resources', 'sample'), { recursive: true });
    writeFileSync(
      join(folder, 'resources', 'sample', 'sample.jsonl'),
      '{"prompt":"p","chosen":"a","rejected":"b","source":"kind"}\n',
    );
    const facet = facetOver(folder);
    onTestFinished(() => facet.dispose());
    const { project, annotate } = facet.services;
    expect(await project.openSample()).toMatchObject({ name: 'Sample', counts: { pairs: 1 } });
    await annotate.decide({ pairId: 1, verdict: 'a', leftKey: 'a', durationMs: 1 });
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
    await facet.services.project.updateSettings({ guidelines: 'Prefer the short one.' });
    await facet.services.project.close();
    writeFileSync(join(folder, 'user', 'recent.json'), '{half');
    expect(facet.services.project.recent()).toEqual([]);
    expect(readFileSync(join(folder, 'user', 'recent.json.unreadable'), 'utf8')).toBe('{half');
    const { settings } = await facet.services.project.open(path);
    expect(settings).toEqual({ guidelines: 'Prefer the short one.', revealBeforeVerdict: false });
  });
});
