import { describe, expect, it } from 'vitest';
import { KINDS } from './kinds.ts';
import { samplePairs, sampleText } from './pairs.ts';

const rows = samplePairs(1, 140);
const ofKind = (name: string) => rows.filter((row) => row.source === name);
const words = (text: string) => text.split(/\s+/).length;
const bullets = (text: string) => text.split('\n').filter((line) => line.startsWith('- ')).length;
const polite = /thank|please|sorry|pleasure|gladly|glad to|lovely/i;
const careful = /\b(may|might|perhaps|could)\b/i;

describe('samplePairs', () => {
  it('is a pure function of the seed', () => {
    expect(samplePairs(1, 140)).toEqual(rows);
    expect(samplePairs(2, 140)).not.toEqual(rows);
  });

  it('gives every kind the same share, unique ids, no pair twice and several hundred prompts', () => {
    for (const kind of KINDS) expect(ofKind(kind.name)).toHaveLength(140);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    expect(new Set(rows.map((row) => JSON.stringify([row.prompt, row.chosen, row.rejected]))).size).toBe(
      rows.length,
    );
    expect(new Set(rows.map((row) => row.prompt)).size).toBeGreaterThan(600);
  });

  it('uses each axis with both ends preferred', () => {
    const axes = Map.groupBy(KINDS, (kind) => kind.axis);
    for (const kinds of axes.values()) {
      expect(kinds).toHaveLength(2);
      const ends = kinds.map((kind) => kind.rule.split(' over '));
      expect(ends[0]).toEqual([...ends[1]!].reverse());
    }
  });

  it.each([
    ['Weather', 1],
    ['Explain to a child', -1],
  ] as const)('%s: the length rule holds in every pair', (name, sign) => {
    for (const row of ofKind(name))
      expect(Math.sign(words(row.rejected) - words(row.chosen)), row.id).toBe(sign);
  });

  it.each([
    ['Customer support', 'chosen', 'rejected'],
    ['Command line', 'rejected', 'chosen'],
  ] as const)('%s: only the %s reply is polite', (name, politeSide, plainSide) => {
    for (const row of ofKind(name)) {
      expect(row[politeSide], row.id).toMatch(polite);
      expect(row[plainSide], row.id).not.toMatch(polite);
    }
  });

  it.each([
    ['Recipes', 'chosen', 'rejected'],
    ['Bedtime stories', 'rejected', 'chosen'],
  ] as const)('%s: only the %s reply is a list', (name, listSide, proseSide) => {
    for (const row of ofKind(name)) {
      expect(bullets(row[listSide]), row.id).toBeGreaterThan(3);
      expect(bullets(row[proseSide]), row.id).toBe(0);
    }
  });

  it.each([
    ['Health questions', 'chosen', 'rejected'],
    ['Measures', 'rejected', 'chosen'],
  ] as const)('%s: only the %s reply is careful', (name, carefulSide, certainSide) => {
    for (const row of ofKind(name)) {
      expect(row[carefulSide], row.id).toMatch(careful);
      expect(row[certainSide], row.id).not.toMatch(careful);
    }
  });

  it('leaves reply length no hint where the rule is another one', () => {
    const lengthRule = rows.filter((row) => !/short|long/.test(row.aspect));
    const longerChosen = lengthRule.filter((row) => words(row.chosen) > words(row.rejected)).length;
    expect(longerChosen / lengthRule.length).toBeGreaterThan(0.3);
    expect(longerChosen / lengthRule.length).toBeLessThan(0.7);
  });

  it('writes clean sentences', () => {
    for (const { prompt, chosen, rejected } of rows)
      for (const text of [prompt, chosen, rejected]) {
        expect(text).not.toMatch(/undefined|\[object| {2}|\ba [aeio]|\.\./i);
        expect(text).toBe(text.trim());
        expect(text).toMatch(/[.?!]$/);
      }
  });
});

describe('sampleText', () => {
  it('shows both styles of a kind about equally often', () => {
    const text = sampleText(5, 4000);
    expect(sampleText(5, 4000)).toEqual(text);
    const recipeReplies = text.filter((_, index) => KINDS[index % KINDS.length]!.name === 'Recipes');
    const listed = recipeReplies.filter(({ reply }) => bullets(reply) > 0).length / recipeReplies.length;
    expect(listed).toBeGreaterThan(0.42);
    expect(listed).toBeLessThan(0.58);
  });
});
