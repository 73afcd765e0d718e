import { describe, expect, it } from 'vitest';
import { FIRST_DRAFT, problemsOf, requestOf, suggestedName } from './draft.ts';

const filter = { text: 'tea', sourceId: 3, status: 'labelled' } as const;

describe('the form of an export', () => {
  it('asks for all pairs, or for what the Library shows to who looks at it', () => {
    const shown = { filter, annotatorId: 7 };
    expect(requestOf(FIRST_DRAFT, shown).pairs.shown).toBeNull();
    expect(requestOf({ ...FIRST_DRAFT, shownOnly: true }, shown).pairs.shown).toEqual(shown);
  });

  it('gives the share and names whose labels count', () => {
    const request = requestOf(
      { ...FIRST_DRAFT, test: '12.5', seed: '9', annotator: 'Ada' },
      { filter, annotatorId: null },
    );
    expect(request).toMatchObject({ testShare: 0.125, seed: 9, pairs: { annotators: ['Ada'] } });
  });

  it('says what is wrong at its field', () => {
    expect(problemsOf(FIRST_DRAFT)).toEqual({});
    expect(Object.keys(problemsOf({ ...FIRST_DRAFT, test: '100', seed: '-1' }))).toEqual(['test', 'seed']);
  });

  it('suggests a name that every system takes', () => {
    expect(suggestedName('Müll/Tee: 2', FIRST_DRAFT)).toBe('Müll-Tee-2-trl.jsonl');
    expect(suggestedName('///', { ...FIRST_DRAFT, shape: 'facet', file: 'csv' })).toBe('pairs-facet.csv');
  });
});
