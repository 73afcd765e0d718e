import { describe, expect, it } from 'vitest';
import { codeUsage, massByGroup, strongestCodes } from './codebook.ts';
import { codeKeywords, wordsOf } from './codebookKeywords.ts';
import { codebookVerdict } from './codebookVerdict.ts';
import { DEFAULT_RUN } from './runConfig.ts';

// Two prompts, three codes.
const WEIGHTS = [0.5, 0.5, 0, 0.25, 0.75, 0];

describe('codeUsage', () => {
  it('counts shares, firsts and dead codes', () => {
    const usage = codeUsage(WEIGHTS, 3);
    expect(usage.share).toEqual([0.375, 0.625, 0]);
    // A tie goes to the lower code.
    expect(usage.first).toEqual([1, 1, 0]);
    expect(usage.dead).toEqual([2]);
    expect(usage.topShare).toBe(0.625);
    // H(.375, .625) = .66156, exp of it 1.93781; H(.5,.5) = .69315 and H(.25,.75) = .56234, mean .62774.
    expect(usage.perplexity).toBeCloseTo(1.93781, 4);
    expect(usage.meanPromptEntropy).toBeCloseTo(0.62774, 4);
    expect(usage.promptInformation).toBeCloseTo(0.66156 - 0.62774, 4);
  });
  it('refuses weights that are no whole rows', () => {
    expect(() => codeUsage([1, 0, 0], 2)).toThrow(RangeError);
  });
});

describe('rows', () => {
  const weights = [0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7];
  it('finds the strongest code', () => {
    expect([...strongestCodes(weights, 2)]).toEqual([0, 1, 0, 1]);
  });
  it('shares mass between sources', () => {
    // Code 0: .9 + .6 + .3 in b, .2 in a.
    expect(massByGroup(weights, 2, 0, ['b', 'a', 'b', 'b'])).toEqual([
      { group: 'b', share: expect.closeTo(0.9, 9) },
      { group: 'a', share: expect.closeTo(0.1, 9) },
    ]);
  });
});

describe('codebookVerdict', () => {
  it('tells collapse, idleness and health apart', () => {
    expect(codebookVerdict(codeUsage([0.9, 0.1, 0.85, 0.15], 2), DEFAULT_RUN).state).toBe('collapsed');
    const idle = codebookVerdict(codeUsage([0.5, 0.5, 0.52, 0.48], 2), DEFAULT_RUN);
    expect(idle.state).toBe('idle');
    expect(idle.message).toContain('idle');
    // 32 codes, each prompt an even mix of 27: ln 32 − ln 27 = .170 of 3.466 nats.
    const wide = Array.from({ length: 32 }, (_, prompt) =>
      Array.from({ length: 32 }, (_, code) => ((code + prompt) % 32 < 27 ? 1 / 27 : 0)),
    );
    const nearIdle = codebookVerdict(codeUsage(wide.flat(), 32), DEFAULT_RUN);
    expect(nearIdle.state).toBe('near-idle');
    expect(nearIdle.message).toContain('about 27 of them, in a mix that hardly changes (0.17 of 3.47');
    // As many codes, two a prompt: ln 32 − ln 2.
    const narrow = Array.from({ length: 32 }, (_, prompt) =>
      Array.from({ length: 32 }, (_, code) => ((code + prompt) % 32 < 2 ? 1 / 2 : 0)),
    );
    expect(codebookVerdict(codeUsage(narrow.flat(), 32), DEFAULT_RUN).state).toBe('healthy');
    expect(codebookVerdict(codeUsage([0.95, 0.05, 0.05, 0.95], 2), DEFAULT_RUN)).toEqual({
      state: 'healthy',
      message: null,
      fix: null,
    });
  });
});

describe('codeKeywords', () => {
  it('leaves function words out, however well they tell prompts apart', () => {
    const texts = ['will the kettle', 'will the kettle', 'how do whales', 'how do whales'];
    const [first, second] = codeKeywords(texts, [1, 0, 1, 0, 0, 1, 0, 1], 2, { minimumScore: 0 });
    expect(first).toEqual(['kettle']);
    expect(second).toEqual(['whales']);
  });

  it('splits words of any script, without digits', () => {
    expect(wordsOf('Don’t über-write 42 I/O, s’il vous plaît!')).toEqual([
      'don’t',
      'über-write',
      's’il',
      'vous',
      'plaît',
    ]);
  });
  const texts = Array.from({ length: 40 }, (_, row) =>
    row % 2 === 0 ? `please sort the list number ${row}` : `please tell a story about item ${row}`,
  );
  it('names what tells a code apart, and nothing that all prompts share', () => {
    const weights = texts.flatMap((_, row) => (row % 2 === 0 ? [0.95, 0.05] : [0.05, 0.95]));
    const [sorting, telling] = codeKeywords(texts, weights, 2);
    expect(sorting).toEqual(expect.arrayContaining(['sort', 'list']));
    expect(telling).toEqual(expect.arrayContaining(['tell', 'story']));
    expect([...sorting!, ...telling!]).not.toContain('please');
  });
  it('names nothing for idle codes', () => {
    expect(
      codeKeywords(
        texts,
        texts.flatMap(() => [0.5, 0.5]),
        2,
      ),
    ).toEqual([[], []]);
  });
});
