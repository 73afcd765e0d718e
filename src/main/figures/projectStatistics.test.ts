import { describe, expect, it } from 'vitest';
import { connectReader } from '../data/database.ts';
import { threePeople } from '../export/testThreePeople.ts';
import { languagesOf } from './languages.ts';
import { PairFigures } from './PairFigures.ts';
import { projectStatistics } from './projectStatistics.ts';

async function figuresOf(path: string) {
  const database = connectReader(path);
  try {
    return await projectStatistics(database, null, () => undefined);
  } finally {
    database.close();
  }
}

describe('the statistics of a project that three people label', () => {
  it('counts by hand the same', async () => {
    const { path } = await threePeople();
    const figures = await figuresOf(path);
    // Ten pairs: Q1, Q2 and Q5 are decided by people, P0 to P5 by the file alone, Q3 by nobody.
    expect(figures).toMatchObject({ pairs: 10, prompts: 10 });
    expect(figures.progress).toEqual({ byPeople: 3, byFiles: 6, skipped: 0, open: 1 });
    // a a b, both bad three times, b of Cy alone, six of the file.
    const verdicts = Object.fromEntries(figures.verdicts.map(({ name, count }) => [name, count]));
    expect(verdicts.both_bad).toBe(3);
    expect((verdicts.a ?? 0) + (verdicts.b ?? 0)).toBe(10);
    expect(figures.agreement).toMatchObject({ compared: 6, same: 4 });
    expect(figures.agreement.alpha).toBeCloseTo(0.545, 3);
    expect(figures.people.map(({ name, decided, skipped }) => [name, decided, skipped])).toEqual([
      ['Cy', 3, 0],
      ['Ada', 2, 1],
      ['Bo', 2, 0],
    ]);
    expect(figures.people[1]?.medianMs).not.toBeNull();
    expect(figures.sources).toEqual([{ name: 'pairs', count: 10 }]);
    expect(figures.aspects).toEqual([{ name: 'tone', count: 1 }]);
    // Three decisions of each of three people; the undone one was given, too.
    expect(figures.days.reduce((sum, { count }) => sum + count, 0)).toBe(9);
  });
});

describe('length against choice', () => {
  it('counts preferences for the longer reply, by how much longer it is', () => {
    const figures = new PairFigures();
    const add = (aLength: number, bLength: number, decision: 'a' | 'b') =>
      figures.add({ aLength, bLength, aspect: null, source: 's' }, [
        { annotator: 'Ada', kind: 'person', decision, left: 'a' },
      ]);
    for (const [a, b, decision] of [
      [105, 100, 'a'],
      [100, 105, 'a'],
      [300, 100, 'a'],
      [100, 1000, 'b'],
      [100, 100, 'b'],
    ] as const)
      add(a, b, decision);
    expect(figures.longer()).toMatchObject({ count: 3, of: 4, share: 0.75 });
    expect(figures.longerByRatio().map(({ count, of }) => [count, of])).toEqual([
      [1, 2],
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
    ]);
    expect(figures.left()).toMatchObject({ count: 3, of: 5 });
  });
});

describe('languages', () => {
  it('are told by the letters, and left open where a text does not tell', async () => {
    const texts = [
      'How do I write a polite letter to my landlord about the heating?',
      'Wie schreibe ich meinem Vermieter einen höflichen Brief über die Heizung?',
      'Comment puis-je écrire une lettre polie à mon propriétaire ?',
      '怎样给房东写一封关于暖气的礼貌的信？',
      '42',
    ];
    const found = Object.fromEntries(
      (await languagesOf(texts, () => undefined)).map(({ name, count }) => [name, count]),
    );
    expect(found).toEqual({ en: 1, de: 1, fr: 1, zh: 1, und: 1 });
  });
});
