import { describe, expect, it } from 'vitest';
import { shownReplies, standingLabel, verdictBy, verdictLook } from './pairLook.ts';

const names = (row: Parameters<typeof shownReplies>[0], blind: boolean) =>
  shownReplies(row, blind).map(({ key, name }) => `${key} ${name}`);

describe('a row', () => {
  it('lets a person overrule the file, and a skip change nothing', () => {
    expect(names({ imported: 'a', verdict: 'b' }, false)).toEqual(['b Chosen', 'a Rejected']);
    expect(standingLabel({ imported: 'b', verdict: 'skip' })).toBe('b');
  });

  it('claims no preference for a tie', () => {
    expect(names({ imported: 'a', verdict: 'tie' }, false)).toEqual(['a Reply A', 'b Reply B']);
  });

  it('keeps its order in a blind project, whatever is decided', () => {
    expect(names({ imported: null, verdict: null }, true)).toEqual(['a Reply A', 'b Reply B']);
    expect(names({ imported: 'a', verdict: 'b' }, true)).toEqual(['a Rejected', 'b Chosen']);
  });

  it('warns where a verdict and the file disagree, and only there', () => {
    expect(verdictLook({ imported: 'a', verdict: 'b' })?.tone).toBe('warn');
    expect(verdictLook({ imported: 'a', verdict: 'a' })?.tone).toBe('good');
    expect(verdictLook({ imported: null, verdict: 'b' })?.tone).toBe('good');
    expect(verdictLook({ imported: 'a', verdict: 'tie' })?.tone).toBe('warn');
    expect(verdictLook({ imported: 'tie', verdict: 'tie' })?.tone).toBe('plain');
    expect(verdictLook({ imported: null, verdict: null })).toBeNull();
  });

  it('names the author of the verdict that it shows', () => {
    expect(verdictLook({ imported: 'a', verdict: null })?.label).toBe('as imported');
    expect(verdictLook({ imported: 'tie', verdict: null })?.label).toBe('imported tie');
    expect(verdictLook({ imported: 'both_bad', verdict: null })?.label).toBe('imported both bad');
    expect(verdictBy({ by: null, imported: 'a' })).toBe('file');
    expect(verdictBy({ by: 'Ada', imported: 'a' })).toBe('Ada');
    expect(verdictBy({ by: null, imported: null })).toBe('');
  });
});
