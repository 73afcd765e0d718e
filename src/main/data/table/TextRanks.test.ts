import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LibraryIndex, type Search } from '../LibraryIndex.ts';
import { addPairs, newPair, pairNumbers, temporaryDatabase } from '../testProject.ts';
import { UNITS } from './sortTexts.ts';
import { TextRanks } from './TextRanks.ts';

/** As the letters below are put in order: small, without accent, nothing before the first letter. */
const keyOf = (text: string): string =>
  text.toLowerCase().replaceAll('é', 'e').replace(/^“+/, '').slice(0, UNITS);
/** Places from 1 of the texts by their ids; the text that no id has, 0, is empty. */
function expectedPlaces(texts: readonly string[]): number[] {
  const keys = ['', ...texts.map(keyOf)];
  const inOrder = [...new Set(keys)].sort((one, other) => (one < other ? -1 : 1));
  return keys.map((key) => 1 + inOrder.indexOf(key));
}

const letters = fc.constantFrom('a', 'b', 'B', 'é', 'e', '“', '你');
const texts = fc.uniqueArray(fc.string({ unit: letters, minLength: 1, maxLength: 40 }), {
  minLength: 1,
  maxLength: 60,
});

it('places are those of the alphabet, however many texts come at a time', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (all, pieces) => {
      const database = temporaryDatabase();
      const ranks = new TextRanks(database, 'stored_prompts');
      let added = 0;
      for (let piece = 0; added < all.length; piece++) {
        const some = all.slice(added, added + (pieces[piece % pieces.length] as number));
        addPairs(
          database,
          some.map((content, at) => newPair(added + at, { messages: [{ role: 'user', content }] })),
        );
        added += some.length;
        expect([...ranks.upTo(added)]).toEqual(expectedPlaces(all.slice(0, added)));
      }
    }),
    { numRuns: 8 },
  );
});

it('places are right where more characters come up than a byte can tell apart', () => {
  const all = Array.from({ length: 400 }, (_, at) => {
    const character = String.fromCharCode(0x4e00 + ((at * 37) % 400));
    return at % 3 === 0 ? `b${character}` : `${character}a`;
  });
  const database = temporaryDatabase();
  addPairs(
    database,
    all.map((content, at) => newPair(at, { messages: [{ role: 'user', content }] })),
  );
  expect([...new TextRanks(database, 'stored_prompts').upTo(400)]).toEqual(expectedPlaces(all));
});

it('a page in the order in which pairs came is there while another order is being made', () => {
  const database = temporaryDatabase();
  addPairs(database, pairNumbers(3000));
  const index = new LibraryIndex(database);
  const filter = { text: '', sourceId: null, status: 'all' } as const;
  const viewer = { annotatorId: null, blind: true };
  const page = { offset: 0, limit: 3 };
  const byPrompt: Search = {
    filter,
    viewer,
    page: { ...page, sort: { column: 'prompt', descending: false } },
  };
  let steps = 0;
  const shares: number[] = [];
  for (; !index.isKnown(byPrompt); steps++) {
    shares.push(index.progress(byPrompt) as number);
    index.lookFurther(byPrompt);
    expect(index.isKnown({ filter, viewer, page: { ...page, sort: null } })).toBe(true);
  }
  expect(steps).toBeGreaterThan(3);
  // How far it was grew from nothing, and says nothing once the order is there.
  expect(shares[0]).toBe(0);
  expect(shares.every((share, at) => share >= (shares[at - 1] ?? 0) && share <= 1)).toBe(true);
  expect(index.progress(byPrompt)).toBeNull();
  // A digit comes before the colon that ends a number.
  const found = index.rows(filter, viewer, 0, 4, { sort: { column: 'prompt', descending: false } });
  expect(found.map(({ id }) => id)).toEqual([1000, 1001, 1002, 1003]);
});
