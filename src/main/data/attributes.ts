/** What a verdict says beside which reply is better, as columns and as a value. */
import type { VerdictAttributes } from '#core/verdictAttributes.ts';

export interface StoredAttributes {
  readonly strength: number | null;
  readonly confidence: number | null;
  readonly rationale: string | null;
  readonly flag: string | null;
  /** A JSON object, names in order; null for none. */
  readonly aspects: string | null;
}
/** Of a row of annotations under this name. */
export const attributeColumns = (row: string): string =>
  ['strength', 'confidence', 'rationale', 'flag', 'aspects'].map((name) => `${row}.${name}`).join(', ');

export const NONE_STORED: StoredAttributes = {
  strength: null,
  confidence: null,
  rationale: null,
  flag: null,
  aspects: null,
};

export function storedAttributes({ aspects, ...rest }: VerdictAttributes): StoredAttributes {
  const answers = Object.entries(aspects).sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...rest, aspects: answers.length === 0 ? null : JSON.stringify(Object.fromEntries(answers)) };
}

/** Of a row that may hold more: the attributes alone. */
export function readAttributes(row: StoredAttributes): VerdictAttributes {
  const { strength, confidence, rationale, flag, aspects } = row;
  const answers = aspects === null ? {} : (JSON.parse(aspects) as VerdictAttributes['aspects']);
  return { strength, confidence, rationale, flag, aspects: answers };
}

/** A row with its attributes as one value. */
export function withAttributes<Row extends StoredAttributes>(
  row: Row,
): Omit<Row, keyof StoredAttributes> & { readonly attributes: VerdictAttributes } {
  const { strength: _s, confidence: _c, rationale: _r, flag: _f, aspects: _a, ...rest } = row;
  return { ...rest, attributes: readAttributes(row) };
}
