import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { MAP_EDGE, type MapSettings, NO_VALUE } from '#shared/codeMap.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

const PLANE: MapSettings = { method: 'pca', features: 'codes', seed: 0 };
const WHOLE = [-1, -1, MAP_EDGE + 1, -1, MAP_EDGE + 1, MAP_EDGE + 1, -1, MAP_EDGE + 1];

/** Prompts 1 … `prompts`, a pair each; odd ones fire code 2, even ones code 0. */
async function trained(prompts = 40) {
  const folder = temporaryFolder();
  const facet = facetOver(folder, { compute: new FakeCompute() });
  onTestFinished(() => facet.dispose());
  const { project, models, runs, codes } = facet.services;
  await project.create({ path: join(folder, 'pairs.facet'), name: 'Pairs' });
  const rows = Array.from({ length: prompts }, (_, index) =>
    JSON.stringify({ prompt: `What of ${index + 1}?`, chosen: `yes ${index}`, rejected: `no ${index}` }),
  );
  writeFileSync(join(folder, 'pairs.jsonl'), rows.join('\n'));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: runId } = await runs.start({
    modelId: (await models.add(join(folder, 'model'))).id,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection: { labels: 'imported', sourceIds: null },
  });
  await runs.wait(runId);
  const layOut = async (settings: MapSettings, signal?: AbortSignal) => {
    for await (const _ of codes.layOut({ runId }, settings, signal));
  };
  return { facet, runId, codes, layOut };
}

const uint16s = (text: string): Uint16Array => {
  const bytes = Buffer.from(text, 'base64');
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

it('lays prompts out by their codes, keeps the picture, and selects exactly the pairs drawn around', async () => {
  const { runId, codes, layOut } = await trained();
  expect(await codes.map({ runId }, PLANE)).toBeNull();
  await layOut(PLANE);
  const map = await codes.map({ runId }, PLANE);
  if (map === null) throw new Error('no picture');
  expect(map).toMatchObject({ rows: 40, prompts: 40, settings: PLANE });
  const places = uint16s(map.places);
  const colours = await codes.mapColours({ runId }, PLANE, 'code');
  const strongest = uint16s(colours.of);
  // Even prompts, in odd rows, lie in one place and odd ones in another.
  const [x, y] = [places[2] as number, places[3] as number];
  expect([...strongest.subarray(0, 4)]).toEqual([2, 0, 2, 0]);
  expect(Math.hypot((places[0] as number) - x, (places[1] as number) - y)).toBeGreaterThan(1000);
  const around = [x - 500, y - 500, x + 500, y - 500, x + 500, y + 500, x - 500, y + 500];
  const region = { settings: PLANE, fingerprint: map.fingerprint, areas: [around] };
  const even = Array.from({ length: 20 }, (_, at) => 2 * at + 2);
  expect(await codes.select({ runId }, { region })).toEqual({ pairs: 20, prompts: 20, pairIds: even });
  expect(await codes.select({ runId }, { region, codes: [2] })).toMatchObject({ pairs: 0 });
  expect(await codes.select({ runId }, { region: { ...region, areas: [around, WHOLE] } })).toMatchObject({
    pairs: 40,
  });
  await expect(
    codes.select({ runId }, { region: { ...region, fingerprint: 'another' } }),
  ).rejects.toMatchObject({ failure: { code: 'codes.map-changed' } });
});

it('gives one picture for each method and seed, and leaves none behind when it is ended', async () => {
  const { runId, codes, layOut } = await trained();
  const umap: MapSettings = { method: 'umap', features: 'codes', seed: 3 };
  await expect(layOut(umap, AbortSignal.abort())).rejects.toMatchObject({
    failure: { code: 'pass.stopped' },
  });
  expect(await codes.map({ runId }, umap)).toBeNull();
  await layOut(umap);
  expect(await codes.map({ runId }, umap)).toMatchObject({ settings: umap, rows: 40, explained: null });
  expect(await codes.map({ runId }, { ...umap, seed: 4 })).toBeNull();
});

it('colours by margin of held-out pairs alone, and of a blind project by nothing that sways whoever looks', async () => {
  const { facet, runId, codes, layOut } = await trained();
  await layOut(PLANE);
  const { project } = facet.services;
  await project.updateSettings({ blind: true });
  const hidden = await codes.mapColours({ runId }, PLANE, 'margin');
  expect([...uint16s(hidden.of)].every((value) => value === NO_VALUE)).toBe(true);
  expect(await codes.mapColours({ runId }, PLANE, 'annotator')).toMatchObject({ names: [] });
  await project.updateSettings({ blind: false });
  const entropy = await codes.mapColours({ runId }, PLANE, 'entropy');
  expect(entropy).toMatchObject({ kind: 'scale' });
  expect(uint16s(entropy.of)).toHaveLength(40);
});
