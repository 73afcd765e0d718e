/** Which pairs the desk goes through, as its address says: `#/annotate?pair=12&text=refund&source=3`. Pure. */
import type { PairFilter, QueueScope } from '#shared/entities.ts';
import { type Conditions, conditionsSchema } from '#shared/library.ts';
import { parseOrder } from '#shared/queueOrder.ts';
import type { ScreenParams } from '../../state/screen.ts';

const STATUSES = ['unlabelled', 'labelled', 'skipped'] as const;

/** The address of a Library filter; nothing for every pair. */
export const filterParams = ({ text, sourceId, status, where }: PairFilter): ScreenParams => ({
  ...(text === '' ? {} : { text }),
  ...(sourceId === null ? {} : { source: String(sourceId) }),
  ...(status === 'all' ? {} : { status }),
  ...(where === undefined ? {} : { where: JSON.stringify(where) }),
});

/** What of an address says which pairs are gone through. */
export function scopeParams({ pair: _, ...params }: ScreenParams): ScreenParams {
  const { text, source, status, skipped, where, order } = params;
  return Object.fromEntries(
    Object.entries({ text, source, status, skipped, where, order }).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value]],
    ),
  );
}

export function scopeOf(params: ScreenParams): QueueScope {
  const text = params.text ?? '';
  const source = Number(params.source);
  const sourceId = params.source !== undefined && Number.isInteger(source) ? source : null;
  const status = STATUSES.find((name) => name === params.status) ?? 'all';
  const where = conditionsOf(params.where);
  const filtered = text !== '' || sourceId !== null || status !== 'all' || where !== undefined;
  const filter: PairFilter = { text, sourceId, status, ...(where === undefined ? {} : { where }) };
  const order = parseOrder(params.order ?? '') ?? undefined;
  return { filter: filtered ? filter : null, includeSkipped: params.skipped === '1', order };
}

/** An address that was typed by hand may say anything. */
function conditionsOf(param: string | undefined): Conditions | undefined {
  if (param === undefined) return undefined;
  try {
    return conditionsSchema.safeParse(JSON.parse(param)).data;
  } catch {
    return undefined;
  }
}

/** Null where no pair is asked for, undefined where what is asked for can be none. */
export function askedPair({ pair }: ScreenParams): number | null | undefined {
  if (pair === undefined) return null;
  const id = Number(pair);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
