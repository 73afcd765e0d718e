import { expect, it } from 'vitest';
import { ConsensusLabels, type Opinion } from './ConsensusLabels.ts';

const opinions = (...said: [rater: string, verdict: Opinion['verdict']][]): Opinion[] =>
  said.map(([rater, verdict]) => ({ rater, verdict }));

it('trusts whom the others bear out: two careful people against three careless ones', () => {
  const consensus = new ConsensusLabels();
  // Ada and Bo agree on everything; Cy, Dee and Eve say a, whatever it is.
  for (let item = 0; item < 40; item++) {
    const right = item % 2 === 0 ? 'a' : 'b';
    consensus.add(opinions(['Ada', right], ['Bo', right], ['Cy', 'a'], ['Dee', 'a'], ['Eve', 'a']));
  }
  const asked = consensus.add(opinions(['Ada', 'b'], ['Bo', 'b'], ['Cy', 'a'], ['Dee', 'a'], ['Eve', 'a']));
  const found = consensus.find().get(asked as string);
  expect(found?.verdict).toBe('b');
  expect(found?.probability).toBeGreaterThan(0.95);
});

it('one opinion stands as it is; a skip is none; items with the same opinions share a label', () => {
  const consensus = new ConsensusLabels();
  expect(consensus.add(opinions(['Ada', 'skip']))).toBeNull();
  const one = consensus.add(opinions(['Ada', 'tie']));
  expect(consensus.add(opinions(['Ada', 'tie'], ['Bo', 'skip']))).toBe(one);
  expect(consensus.find().get(one as string)?.verdict).toBe('tie');
});
