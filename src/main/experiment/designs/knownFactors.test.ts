import { describe, expect, test } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import { PRESET_RUNS } from '#core/presets.ts';
import { cellResult } from '../figures.ts';
import { settingsUnder } from '../settings.ts';
import { inputOver } from '../testPairs.ts';
import type { Cell, CellResult, JsonValue, Measurement } from '../types.ts';
import { oracleGroup } from './knownFactorNames.ts';
import { knownFactors } from './knownFactors.ts';

const input = inputOver([], [1, 2], '/model');
const cells = knownFactors.cells(input);
const promptOf = ({ messages }: PreferencePair) => JSON.stringify(messages);
const oneSeed = cells.filter(({ seed }) => seed === 1);

describe('cells', () => {
  test('have keys of their own and say their ceilings', () => {
    expect(new Set(cells.map(({ key }) => key)).size).toBe(cells.length);
    for (const { facts } of cells) expect(facts?.['Bayes ceiling']).toBeGreaterThanOrEqual(0.5);
  });

  test('score the same pairs in all methods and seeds of a group, and train on none of their prompts', () => {
    const groups = Map.groupBy(cells, (cell) =>
      cell.group.includes('oracle') ? `${cell.group} ${cell.method}` : cell.group,
    );
    for (const [, inGroup] of groups) {
      const first = inGroup[0]!.data();
      expect(inGroup.every((cell) => JSON.stringify(cell.data().test) === JSON.stringify(first.test))).toBe(
        true,
      );
      const tested = new Set(first.test.map(promptOf));
      for (const cell of inGroup)
        expect(cell.data().training.some((pair) => tested.has(promptOf(pair)))).toBe(false);
    }
  });

  test('train on other pairs with another seed', () => {
    const [one, two] = cells.filter(({ group, method }) => group === 'opposed' && method === 'LPC, robust');
    expect(one!.data().training).not.toEqual(two!.data().training);
    expect(one!.data().training).toHaveLength(two!.data().training.length);
  });

  test('oracles see one factor each, and together all test pairs of their group', () => {
    for (const group of ['opposed', 'orthogonal']) {
      const all = oneSeed.find((cell) => cell.group === group)!.data().test;
      const oracles = oneSeed.filter((cell) => cell.group === oracleGroup(group));
      expect(
        oracles
          .flatMap((cell) => cell.data().test)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(all.map(({ id }) => id).sort());
      for (const cell of oracles)
        expect(new Set(cell.data().training.map(({ source }) => source))).toEqual(new Set([cell.method]));
    }
  });

  test('the paper’s setting is the paper’s, and each ablation changes one thing', () => {
    const configOf = (method: string) =>
      oneSeed.find((cell) => cell.group === 'orthogonal' && cell.method === method)!.config;
    expect(configOf('LPC, paper setting').latent).toMatchObject({
      pooling: 'last',
      codebookInitStd: 0.02,
      batchEntropyBonus: 0,
      klWeight: 0.05,
    });
    const robust = configOf('LPC, robust');
    expect(robust.latent).toEqual(PRESET_RUNS.robust.latent);
    expect(configOf('robust but no warm start').latent).toEqual({ ...robust.latent, warmStart: false });
    expect(configOf('robust but pooling last')).toEqual({
      ...robust,
      latent: { ...robust.latent, pooling: 'last' },
    });
  });
});

test('plain DPO stands beside the staged run with its backbone’s steps, with all of them, and with as much time', () => {
  const asGiven = { ...input, settings: settingsUnder({}) };
  const own = knownFactors.cells(asGiven);
  const stepsOf = (from: readonly Cell[], group: string) =>
    from.flatMap(({ group: name, method, config, seed }) =>
      name === group && method.startsWith('plain DPO') && seed === 2 ? [[method, config.steps]] : [],
    );
  // Of three tenths more time.
  const took = (cell: Cell): CellResult =>
    ({ cell, processorSeconds: cell.method === 'LPC, robust, staged' ? 6.5 : 5 }) as CellResult;
  const more = knownFactors.followUp!(own.map(took), asGiven);
  for (const group of ['trainable backbone, opposed', 'trainable backbone, orthogonal', 'hidden annotator'])
    expect([...stepsOf(own, group), ...stepsOf(more, group)]).toEqual([
      ['plain DPO, equal backbone steps', 200],
      ['plain DPO', 320],
      ['plain DPO, equal processor time', 420],
    ]);
  expect(more).toHaveLength(6);
});

const CAUSES: Measurement['causes'] = {
  codes: [0],
  groups: [],
  effects: [],
  serves: [],
  recovery: 0.7,
  gainOverOneCode: { value: 0.2, low: 0.1, high: 0.3 },
  gainOverOff: null,
  gainOverShared: null,
};

/** A cell's result as if its codes were `code(factor)` and its policy right on a share of the pairs. */
function resultOf(cell: Cell, code: (factor: string) => number, share: number): CellResult {
  const { test: pairs } = cell.data();
  const measurement: Measurement = {
    contentKey: cell.key,
    config: cell.config,
    engine: 'onnx-cpu',
    modelFingerprint: '',
    trainingSha256: '',
    testSha256: '',
    trainingPairs: 1,
    codeVersion: '',
    codeFingerprint: '',
    pairs: pairs.map(({ id, promptId }, index) => ({
      pairId: id,
      promptId,
      margin: index < share * pairs.length ? 1 : -1,
      posteriorMargin: null,
      swappedMargin: null,
      kl: null,
    })),
    codes:
      cell.config.latent?.kind === 'codebook'
        ? {
            codes: 8,
            promptIds: pairs.map(({ promptId }) => promptId),
            weights: pairs.flatMap(({ source }) =>
              Array.from({ length: 8 }, (_, index) => (index === code(source) ? 1 : 0)),
            ),
          }
        : null,
    causes: CAUSES,
    firstLoss: Math.LN2,
    warnings: [],
    seconds: 1,
    processorSeconds: 1,
    at: '',
  };
  return cellResult(cell, measurement);
}

const NAMES = ['courtesy', 'doubt', 'order', 'reason'];
const at = (value: JsonValue | undefined, ...path: (string | number)[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((found, key) => Object(found)[key], value);

describe('summary', () => {
  const shareOf = ({ group, method }: Cell) =>
    group.includes('oracle')
      ? 0.8
      : group === 'hidden annotator' && method === 'plain DPO, equal backbone steps'
        ? 0.55
        : 0.6;
  const results = cells.map((cell) => resultOf(cell, (factor) => NAMES.indexOf(factor), shareOf(cell)));
  const json = knownFactors.summarise!(results, input);

  test('gives recovery and accuracy over the oracle’s by setting', () => {
    const methods = at(json.opposed, 'methods') as readonly JsonValue[];
    const robust = methods.find((method) => at(method, 'method') === 'LPC, robust');
    expect(at(robust, 'accuracyOverOracle')).toBeCloseTo(0.75, 2);
    expect(at(robust, 'recovery', 'value', 'mean')).toBeCloseTo(1, 2);
    expect(methods.map((method) => at(method, 'method'))).toContain('LPC, paper setting');
  });

  test('names the weaker arrangement as the staged figure', () => {
    const idle = results.map((result) =>
      result.cell.group === 'trainable backbone, orthogonal' ? resultOf(result.cell, () => 3, 0.6) : result,
    );
    const staged = knownFactors.summarise!(idle, input).staged;
    expect(at(staged, 'setting')).toMatch(/orthogonal/);
    expect(at(staged, 'recovery')).toBe(0);
    expect(at(json.staged, 'accuracyOverOracle')).toBeCloseTo(0.75, 1);
  });

  test('holds LPC against plain DPO where the annotator is hidden', () => {
    expect(at(json.hiddenAnnotator, 'plain')).toBeCloseTo(0.55, 2);
    expect(at(json.hiddenAnnotator, 'gainOverPlain')).toBeCloseTo(0.05, 2);
    expect(at(json.hiddenAnnotator, 'interval', 'low')).toBeGreaterThan(0);
  });

  test('gives every headline the same keys, and names the higher figure of the control', () => {
    for (const key of ['opposed', 'orthogonal', 'staged', 'byLot', 'hiddenAnnotator'])
      expect(json[key]).toMatchObject({
        recovery: expect.any(Number),
        worstRecovery: expect.any(Number),
        causalRecovery: 0.7,
        accuracyOverOracle: expect.any(Number),
        seeds: [1, 2],
      });
    const idle = results.map((result) =>
      result.cell.group === 'opposed, labels by lot' ? resultOf(result.cell, () => 3, 0.6) : result,
    );
    const { byLot } = knownFactors.summarise!(idle, input);
    expect(at(byLot, 'settings', 0, 'recovery')).toBe(0);
    expect(at(byLot, 'recovery')).toBeCloseTo(1, 2);
    expect(at(json.further, 'eightFactors', 'accuracyOverCeiling')).toBeCloseTo(
      0.6 / Number(at(json.further, 'eightFactors', 'facts', 'Bayes ceiling')),
      2,
    );
  });

  test('stands with cells that failed', () => {
    const some = knownFactors.summarise!(results.slice(0, 1), input);
    expect(at(some.hiddenAnnotator, 'plain')).toBeNull();
    expect(at(some.staged, 'recovery')).toBeNull();
  });
});
