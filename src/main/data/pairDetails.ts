import type { HistoryEntry, PairDetails } from '#shared/entities.ts';
import { attributeColumns, type StoredAttributes, withAttributes } from './attributes.ts';
import type { Database } from './database.ts';
import { metadataReader } from './metadata.ts';
import { IMPORT_ANNOTATOR } from './pairIdentity.ts';
import type { Viewer } from './pairRows.ts';

interface Origin {
  readonly file: string;
  readonly row: number;
  readonly importedAt: string;
}
type Label = Omit<HistoryEntry, 'attributes'> &
  StoredAttributes & { readonly annotatorId: number; readonly kind: 'person' | 'import' };

/** Where a pair comes from and all that was ever said of it, as far as the viewer may see it. */
export function pairDetails(database: Database) {
  const origin = database.prepare<[number], Origin>(
    `SELECT sources.file, source_row AS row, sources.imported_at AS importedAt
     FROM all_pairs JOIN sources ON sources.id = source_id WHERE all_pairs.id = ?`,
  );
  const labels = database.prepare<[number], Label>(
    `SELECT annotator_id AS annotatorId, annotators.kind, annotators.name AS annotator, action, decision,
       left_key AS leftKey, duration_ms AS durationMs, ${attributeColumns('annotations')}, created_at AS at
     FROM annotations JOIN annotators ON annotators.id = annotator_id WHERE pair_id = ? ORDER BY annotations.id`,
  );
  const own = database
    .prepare<[number, number | null], string>(
      'SELECT decision FROM standing WHERE pair_id = ? AND annotator_id = ?',
    )
    .pluck();
  const onDesks = database.prepare<[{ pairId: number }], { annotator: string; since: string }>(
    `SELECT annotators.name AS annotator, min(given.at) AS since FROM (
       SELECT annotator_id AS annotatorId, shown_at AS at FROM showings WHERE pair_id = @pairId
       UNION ALL SELECT annotator_id, shown_at FROM set_showings JOIN set_pairs USING (set_id) WHERE pair_id = @pairId
     ) AS given JOIN annotators ON annotators.id = given.annotatorId
     WHERE NOT EXISTS (SELECT 1 FROM annotations WHERE pair_id = @pairId AND annotator_id = given.annotatorId)
     GROUP BY annotators.id ORDER BY since, annotators.id`,
  );
  const metadata = metadataReader(database);
  return (pairId: number, { annotatorId, blind }: Viewer): PairDetails | null => {
    const from = origin.get(pairId);
    if (!from) return null;
    const hidden = blind && (own.get(pairId, annotatorId) ?? 'skip') === 'skip';
    const seen = labels.all(pairId).filter((label) => !hidden || label.annotatorId === annotatorId);
    const said = metadata(pairId);
    return {
      ...from,
      itemId: said?.itemId ?? null,
      // A column may well say which reply is the better one.
      metadata: hidden ? null : (said?.metadata ?? {}),
      onDesks: hidden ? [] : onDesks.all({ pairId }),
      labels: seen.map(({ annotatorId: _, annotator, ...label }) => ({
        ...withAttributes(label),
        annotator: label.kind === 'import' && annotator === IMPORT_ANNOTATOR ? null : annotator,
      })),
    };
  };
}
