import type { Verdict } from '#core/preference.ts';
import type { ImportPreview, ImportRules } from '#shared/importEntities.ts';
import type { Database } from '../data/database.ts';
import { importMaps } from '../data/importMaps.ts';
import { knownPairs } from '../data/pairHashes.ts';
import { type PairFacts, PairIdentity, verdictKey } from '../data/pairIdentity.ts';
import { type Added, hashPair, type NewPair, storedFacts, storedVerdicts } from '../data/pairWriter.ts';
import { knownSingles, type NewSingle, singleHash } from '../data/singleTable.ts';
import { type InputFile, inputName } from './files/bytes.ts';
import { metadataText, newPair } from './newPair.ts';
import { FileReading, readFile } from './readFile.ts';
import { sourceName } from './sourceName.ts';
import { Tally } from './Tally.ts';
import type { ImportedItem } from './types.ts';

const BATCH_ROWS = 500;
const SAMPLE_ROWS = 5;
/** Ids of pairs that the preview only imagines. */
const FIRST_IMAGINED = 2 ** 48;

/** Decides as the writer does, and writes nothing. */
function imaginedWriter(database: Database) {
  const known = knownPairs(database);
  const facts = storedFacts(database);
  const itemIds = new Map<number, string>();
  const verdicts = new Map<string, Verdict>();
  let next = FIRST_IMAGINED;
  const imagined: PairFacts = {
    itemId: (pairId) => (pairId < FIRST_IMAGINED ? facts.itemId(pairId) : (itemIds.get(pairId) ?? null)),
    verdict: (pairId, by) =>
      verdicts.get(verdictKey(pairId, by)) ??
      (pairId < FIRST_IMAGINED ? facts.verdict(pairId, by) : undefined),
  };
  const identity = new PairIdentity(known.find, imagined);
  return (pair: NewPair): Added => {
    const hashes = hashPair(pair);
    const place = identity.place(pair, hashes);
    const isNew = 'newHash' in place;
    const pairId = isNew ? next++ : place.pairId;
    if (isNew) {
      known.add(place.newHash, pairId);
      if (pair.itemId !== null) itemIds.set(pairId, pair.itemId);
    }
    const { fresh, conflict } = identity.compare(pairId, storedVerdicts(pair, hashes));
    for (const given of fresh) verdicts.set(verdictKey(pairId, given), given.verdict);
    if (isNew) return { outcome: 'added', conflict };
    return { outcome: conflict ? 'conflict' : fresh.length > 0 ? 'joined' : 'duplicate', conflict };
  };
}

function imaginedSingles(database: Database) {
  const known = knownSingles(database);
  const seen = new Map<string, boolean>();
  return (single: NewSingle): 'added' | 'duplicate' | 'conflict' => {
    const hash = singleHash(single);
    const standing = seen.get(hash) ?? known(hash);
    if (standing === undefined) {
      seen.set(hash, single.desirable);
      return 'added';
    }
    return standing === single.desirable ? 'duplicate' : 'conflict';
  };
}

function sampleOf(item: ImportedItem, file: string): ImportPreview['sample'][number] {
  const messages = [...item.messages];
  const source = sourceName(item, file);
  if (item.kind === 'single')
    return {
      messages,
      chosen: item.reply,
      rejected: null,
      source,
      verdict: item.desirable ? 'first' : 'both_bad',
      strength: null,
    };
  const [chosen, rejected] = item.replies;
  const [said] = item.verdicts;
  return {
    messages,
    chosen,
    rejected,
    source,
    verdict: said?.verdict ?? null,
    strength: said?.strength ?? null,
  };
}

/** Reads the whole file and changes nothing. The counts are those that an import would give. */
export async function previewFile(
  database: Database,
  input: InputFile,
  rules: ImportRules,
  signal?: AbortSignal,
): Promise<ImportPreview> {
  const file = inputName(input);
  const tally = new Tally();
  const addPair = imaginedWriter(database);
  const addSingle = imaginedSingles(database);
  const sample: ImportPreview['sample'] = [];
  const reading = new FileReading({ given: rules, remembered: importMaps(database).find });
  for await (const batch of readFile(input, reading, BATCH_ROWS, signal)) {
    for (const read of batch.rows) {
      const items = tally.row(read);
      const { row, count } = read;
      const at = { row, count, place: tally.counts.rows };
      for (const item of items) {
        if (sample.length < SAMPLE_ROWS) sample.push(sampleOf(item, file));
        if (item.kind === 'single') {
          const { kind: _kind, source: _source, metadata, ...single } = item;
          tally.single(addSingle({ ...single, metadata: metadataText(metadata), row }), at);
        } else {
          const { outcome: added, conflict } = addPair(newPair(item, row));
          tally.pair(at, item, added, conflict);
        }
      }
    }
  }
  const { counts, problems, shape: format, readings, metadataFields } = tally;
  return {
    file,
    format,
    rows: counts.rows,
    readable: counts.rows - counts.refused,
    duplicates: counts.alreadyThere + counts.conflicts,
    counts,
    fields: reading.fields,
    map: reading.map ?? null,
    verdicts: reading.rules.verdicts,
    isMapRemembered: reading.isRemembered,
    listedAs: reading.set?.name ?? null,
    readings,
    metadataFields,
    problems: problems.listed,
    problemCount: problems.count,
    sample,
  };
}
