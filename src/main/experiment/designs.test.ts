import { describe, expect, test } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import { cuedFlips, FLIP_CUE, flippedIds, unmarkedFlips } from './designs/flippedPairs.ts';
import { FLIP_RATES } from './designs/flips.ts';
import { designOf } from './designs/index.ts';
import { CODE_COUNTS } from './designs/kSweep.ts';
import { acrossPrompts, balanced } from './designs/realModel.ts';
import { tonePairs } from './designs/tonePairs.ts';
import { settingsUnder } from './settings.ts';
import { inputOver, somePairs } from './testPairs.ts';
import { someOf, testSplit } from './testSplit.ts';
import type { Cell, CellResult } from './types.ts';

const pairs = somePairs(200);
const input = inputOver(pairs, [1, 2, 3], '/model');
const cellsOf = (name: string) => designOf(name).cells(input);
const promptOf = ({ messages }: PreferencePair) => JSON.stringify(messages);

describe.each([
  ['methods', 9],
  ['k-sweep', CODE_COUNTS.length + 2],
  ['flips', 3 * (FLIP_RATES.length + 1)],
  ['latent-kind', 4],
  ['controls', 8],
])('%s', (name, methods) => {
  const cells = cellsOf(name);

  test('has every method with every seed, under keys of their own', () => {
    expect(cells).toHaveLength(3 * methods);
    expect(new Set(cells.map(({ key }) => key)).size).toBe(cells.length);
    for (const { config, seed } of cells) expect(config.seed).toBe(seed);
  });

  test('scores the same pairs for all methods and seeds of a group, and trains on none of their prompts', () => {
    for (const [, inGroup] of Map.groupBy(cells, ({ group }) => group)) {
      const tests = inGroup.map((cell) => JSON.stringify(cell.data().test));
      expect(new Set(tests).size).toBe(1);
    }
    for (const cell of cells) {
      const { training, test: held } = cell.data();
      const trained = new Set(training.map(promptOf));
      expect(held.length).toBeGreaterThan(10);
      expect(held.some((pair) => trained.has(promptOf(pair)))).toBe(false);
      expect(new Set(held.map(({ id }) => id)).size).toBe(held.length);
    }
  });

  test('has a base in every group', () => {
    const { baseOf } = designOf(name);
    for (const [group, inGroup] of Map.groupBy(cells, (cell) => cell.group)) {
      expect(inGroup.some(({ method }) => method === baseOf(group))).toBe(true);
    }
  });

  test('is pure: asked again, it gives the same', () => {
    const plain = (from: typeof cells) => JSON.stringify(from.map((cell) => [cell, cell.data()]));
    expect(plain(cellsOf(name))).toBe(plain(cells));
  });
});

test('controls differ in what their name says, and in nothing else', () => {
  const byMethod = new Map(
    cellsOf('controls')
      .filter(({ seed }) => seed === 1)
      .map(({ method, config }) => [method, config]),
  );
  const lpc = byMethod.get('LPC');
  const latentOf = (method: string) => byMethod.get(method)?.latent;
  expect(byMethod.get('no latent')).toEqual({ ...lpc, latent: null });
  expect(latentOf('free bias')).toEqual({ ...lpc?.latent, kind: 'bias' });
  expect(latentOf('MLP, no codebook')).toEqual({ ...lpc?.latent, kind: 'mlp' });
  expect(latentOf('LPC, prior only (g = 1)')).toEqual({ ...lpc?.latent, priorShare: 'prior-only' });
  expect(latentOf('LPC, posterior only (g = 0)')).toEqual({ ...lpc?.latent, priorShare: 'posterior-only' });
});

test('plain training stands beside LPC with the backbone’s steps, with all of them, and with as much time', () => {
  const long = { ...input, settings: settingsUnder({ steps: 100, headsFirst: 0.4 }) };
  const cells = designOf('methods').cells(long);
  const stepsOf = (from: readonly Cell[], method: string) =>
    from.find((cell) => cell.method === method && cell.seed === 1)?.config.steps;
  expect(stepsOf(cells, 'DPO')).toBe(100);
  expect(stepsOf(cells, 'DPO, equal backbone steps')).toBe(60);
  // LPC took 1.44 of the base's time: 140 of its steps, to two digits.
  const took = (cell: Cell): CellResult =>
    ({ cell, processorSeconds: cell.method.startsWith('LPC') ? 7.2 : 5 }) as CellResult;
  const more = designOf('methods').followUp?.(cells.map(took), long) ?? [];
  expect(more).toHaveLength(9);
  expect(stepsOf(more, 'DPO, equal processor time')).toBe(140);
});

test.each([
  ['controls', 'no latent', 'LPC'],
  ['k-sweep', 'DPO', 'K = 32'],
  ['latent-kind', 'no latent', 'discrete codes'],
])('%s: plain training has three budgets there too', (name, base, lpc) => {
  const cells = designOf(name).cells({ ...input, settings: settingsUnder({ steps: 100, headsFirst: 0.4 }) });
  const own = (from: readonly Cell[]) =>
    from.filter(({ method, seed }) => method.startsWith(base) && seed === 1);
  expect(own(cells).map(({ config }) => config.steps)).toEqual([100, 60]);
  // LPC took twice the base's time.
  const took = (cell: Cell): CellResult =>
    ({ cell, processorSeconds: cell.method === lpc ? 10 : 5 }) as CellResult;
  const more = designOf(name).followUp?.(cells.map(took), input) ?? [];
  expect(own(more).map(({ method, config }) => [method, config.steps])).toEqual([
    [`${base}, equal processor time`, 200],
  ]);
});

test('a tone is preferred by context alone: each wins in half of the pairs, by lot in both contexts', () => {
  const polite = somePairs(400);
  const made = tonePairs(polite, 150, false);
  expect(made).toHaveLength(150);
  for (const { source, chosen } of made) expect(chosen.startsWith('good')).toBe(source === 'formal');
  const lot = tonePairs(polite, 150, true);
  expect(lot.map(({ messages }) => messages)).toEqual(made.map(({ messages }) => messages));
  for (const group of ['familiar', 'formal']) {
    const own = lot.filter(({ source }) => source === group);
    const share = own.filter(({ chosen }) => chosen.startsWith('good')).length / own.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.2);
  }
});

test('a real model is given what the pairs allow, balanced over sources, the shortest first', () => {
  const named = pairs.map((pair, index) => ({
    ...pair,
    aspect: pair.source === 'odd' ? 'politeness' : `annotator${(index % 3) + 1}`,
  }));
  const cells = designOf('real-model').cells({ ...input, pairs: named });
  expect([...new Set(cells.map(({ group }) => group))]).toEqual([
    'opposed tones',
    'opposed tones, choosing rates',
    'opposed tones, LoRA',
    'opposed tones, number of codes',
    'opposed tones, IPO',
    'opposed tones, SimPO',
    'opposed tones, half flipped and marked',
    'opposed tones, 10 % flipped',
    'opposed tones, 20 % flipped',
    'opposed tones, 30 % flipped',
    'opposed tones, 40 % flipped',
    'opposed tones, by lot',
    'all sources',
    'hidden annotator',
  ]);
  // A table's own preset, and labels as they are, are cells that another group has already.
  const keys = (group: string, name: string): Set<string> =>
    new Set(
      cells
        .filter((cell) => cell.group === group && cell.method === name)
        .map((cell) => JSON.stringify(cell.config)),
    );
  expect(keys('opposed tones, number of codes', 'LPC, ours, K = 16')).toEqual(
    keys('opposed tones', 'LPC, ours'),
  );
  expect(keys('opposed tones, number of codes', 'LPC, paper, K = 32')).toEqual(
    keys('opposed tones', 'LPC, paper'),
  );
  const heads = cells.find(({ method }) => method === 'LPC, ours, heads alone');
  const staged = cells.find(({ group, method }) => group === 'opposed tones, LoRA' && method === 'LPC, ours');
  expect(heads?.config).toMatchObject({
    trainable: 'heads',
    tokenBudget: staged?.config.tokenBudget,
    latent: staged?.config.latent,
  });
  const annotated = cells.find(({ group }) => group === 'hidden annotator')!.data();
  const people = (of: typeof annotated.test): Set<string> => new Set(of.map(({ source }) => source));
  expect([people(annotated.training).size, people(annotated.test).size]).toEqual([3, 3]);
  const texts = (of: typeof annotated.test): Set<string> =>
    new Set(of.map(({ messages }) => JSON.stringify(messages)));
  const trained = texts(annotated.training);
  expect([...texts(annotated.test)].filter((text) => trained.has(text))).toEqual([]);
  const some = balanced(named, 40);
  expect(Map.groupBy(some, ({ source }) => source).get('odd')).toHaveLength(20);
});

test('a set with many labels of a pair gives up none of them, and as many prompts as there are', () => {
  const labelled = somePairs(60).flatMap((pair) =>
    ['annotator1', 'annotator2', 'annotator3'].map((aspect) => ({
      ...pair,
      id: `${pair.id} by ${aspect}`,
      aspect,
      ...(aspect === 'annotator3' && { chosen: pair.rejected, rejected: pair.chosen }),
    })),
  );
  const taken = acrossPrompts(labelled, 90);
  expect(taken).toHaveLength(90);
  // Thirty prompts of two pairs each: one pair of each prompt, with three labels.
  expect(new Set(taken.map(({ promptId }) => promptId)).size).toBe(30);
  expect(
    new Set([...Map.groupBy(taken, ({ promptId }) => promptId).values()].map(({ length }) => length)),
  ).toEqual(new Set([3]));
});

test('the search gives each candidate the same steps, and looks at no prompt that is scored elsewhere', () => {
  const cells = designOf('search').cells({ ...input, pairs: [], settings: settingsUnder({}) });
  expect(new Set(cells.map(({ config }) => config.steps)).size).toBe(1);
  const kept = new Set(
    cellsOf('known-factors')
      .find(({ group }) => group === 'opposed')!
      .data()
      .test.map(promptOf),
  );
  const { training, test: held } = cells[0]!.data();
  for (const pair of [...training, ...held]) expect(kept.has(promptOf(pair))).toBe(false);
  expect(held.length).toBeGreaterThan(300);
});

test('SimPO has a β of its own in methods; the other objectives keep DPO’s', () => {
  const betas = new Map(cellsOf('methods').map(({ method, config }) => [method, config.beta]));
  expect(Object.fromEntries(betas)).toEqual({
    DPO: 0.1,
    'DPO, equal backbone steps': 0.1,
    'LPC-DPO': 0.1,
    IPO: 0.1,
    'IPO, equal backbone steps': 0.1,
    'LPC-IPO': 0.1,
    SimPO: 2,
    'SimPO, equal backbone steps': 2,
    'LPC-SimPO': 2,
  });
});

describe('unmarked flips', () => {
  const clean = testSplit(pairs);

  test('turn round as many training labels as they say, those of lower rates among them, and no test label', () => {
    let before = new Set<string>();
    for (const rate of FLIP_RATES) {
      const { training, test: held } = unmarkedFlips(pairs, rate, 1);
      const turned = training.filter((pair, index) => pair.chosen === clean.training[index]?.rejected);
      const same = training.filter((pair, index) => pair.chosen === clean.training[index]?.chosen);
      expect(turned.length + same.length).toBe(training.length);
      for (const pair of turned) expect(pair.rejected).toMatch(/^good/);
      expect(turned.length / training.length).toBeCloseTo(rate, 0);
      expect(training.map(promptOf)).toEqual(clean.training.map(promptOf));
      expect(held).toEqual(clean.test);
      const ids = new Set(turned.map(({ id }) => id));
      expect([...before].every((id) => ids.has(id))).toBe(true);
      before = ids;
    }
    expect(before.size).toBeGreaterThan(0);
  });

  test('differ by seed', () => {
    expect(flippedIds(pairs, 0.3, 1)).not.toEqual(flippedIds(pairs, 0.3, 2));
  });
});

describe('cued flips', () => {
  const clean = testSplit(pairs);
  const { training, test: held, labels } = cuedFlips(pairs, 1);

  test('mark exactly the flipped half of the training pairs', () => {
    let flipped = 0;
    for (const [index, pair] of training.entries()) {
      const before = clean.training[index] as PreferencePair;
      const isCued = pair.messages.at(-1)?.content.endsWith(FLIP_CUE) ?? false;
      flipped += isCued ? 1 : 0;
      expect([pair.chosen, pair.rejected]).toEqual(
        isCued ? [before.rejected, before.chosen] : [before.chosen, before.rejected],
      );
    }
    expect(Math.abs(flipped / training.length - 0.5)).toBeLessThan(0.12);
  });

  test('ask every test pair both ways, so that a policy blind to the cue gets half', () => {
    expect(held).toHaveLength(2 * clean.test.length);
    for (const [index, before] of clean.test.entries()) {
      const [asGiven, cued] = held.slice(2 * index, 2 * index + 2) as [PreferencePair, PreferencePair];
      expect(asGiven).toEqual(before);
      expect([cued.chosen, cued.rejected]).toEqual([before.rejected, before.chosen]);
      expect(labels?.get(asGiven.promptId)).toBe('as given');
      expect(labels?.get(cued.promptId)).toBe('cued flip');
    }
  });
});

test('some of the pairs are whole prompts, about as many as asked, the same each time', () => {
  const some = someOf(pairs, 60);
  expect(Math.abs(some.length - 60)).toBeLessThan(25);
  expect(someOf(pairs, 60)).toEqual(some);
  const kept = new Set(some.map(promptOf));
  expect(pairs.filter((pair) => kept.has(promptOf(pair)))).toEqual(some);
  expect(someOf(pairs, 1000)).toBe(pairs);
});

test('an unknown experiment is refused with the names there are; too few prompts with how many', () => {
  expect(() => designOf('method')).toThrow(
    expect.objectContaining({
      failure: expect.objectContaining({ fix: expect.stringContaining('methods, k-sweep, flips') }),
    }),
  );
  expect(() => testSplit(somePairs(10))).toThrow(/5 different prompts/);
});
