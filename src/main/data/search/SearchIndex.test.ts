import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NewPair } from '../pairWriter.ts';
import { addPairs, newPair, temporaryDatabase } from '../testProject.ts';
import { fold } from './fold.ts';
import { matches, parseQuery } from './parseQuery.ts';
import { SearchIndex } from './SearchIndex.ts';
import { SegmentBuilder } from './SegmentBuilder.ts';
import { searchTable, segmentSteps } from './searchTable.ts';

const PAIRS = 240;
const INDEXED = 180;
/** Words and blanks of every kind that makes a difference between bytes and what is searched. */
const PIECES = ['in', 'the', 'then', 'begin', 'IN', 'é', 'e\u0301', '时钟', '"', '\\n', 'b', '🙂', 'K'];
const BLANKS = [' ', ' ', ' ', '  ', '\n', '\t', '\u00a0', '\u3000'];
const textOf = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(...BLANKS)), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.flat().join(''));

function pairs(): NewPair[] {
  const texts = fc.sample(textOf, { numRuns: 4 * PAIRS, seed: 7 });
  return Array.from({ length: PAIRS }, (_, at) => {
    const [prompt, before, chosen, rejected] = texts.slice(4 * at, 4 * at + 4) as [
      string,
      string,
      string,
      string,
    ];
    const said = at % 5 === 0 ? [{ role: 'system', content: before } as const] : [];
    const messages = [...said, { role: 'user', content: prompt } as const];
    return newPair(at, { messages, chosen: `${chosen}${at}`, rejected: `${rejected}-${at}` });
  });
}

it('finds what a look at each text finds: parts, phrases and exclusions, indexed or not, at once or step by step', () => {
  const database = temporaryDatabase();
  addPairs(database, pairs());
  const table = searchTable(database);
  const builder = new SegmentBuilder();
  for (const { id, text } of table.texts(1, INDEXED)) builder.add(id, text);
  for (const step of segmentSteps(database, builder.finish(0), 0, INDEXED)) step();
  const all = [...table.texts(1, PAIRS)].map(({ id, text }) => ({ id, folded: fold(text) }));
  const index = new SearchIndex(table);
  const term = fc.oneof(
    fc.constantFrom(...PIECES, 'th', 'x', '\u3000').map((word) => word.trim() || 'in'),
    fc
      .array(fc.constantFrom(...PIECES.filter((piece) => piece !== '"')), { minLength: 2, maxLength: 3 })
      .map((words) => `"${words.join(' ')}"`),
  );
  const query = fc
    .array(fc.tuple(fc.constantFrom('', '', '-'), term), { minLength: 1, maxLength: 3 })
    .map((terms) => terms.map((parts) => parts.join('')).join(' '));
  fc.assert(
    fc.property(query, (text) => {
      const terms = parseQuery(text);
      fc.pre(terms !== null);
      const expected = all.filter(({ folded }) => matches(terms, folded)).map(({ id }) => id);
      const check = index.check(text, PAIRS);
      while (check && !check.isDone) {
        check.step();
        const known = expected.filter((id) => id <= check.upTo);
        expect(check.found.slice(0, check.found.countUpTo(check.upTo))).toEqual(known);
      }
      expect(index.find(text, PAIRS)?.slice(0, PAIRS)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
