/** In which order a queue comes. */
import { z } from 'zod';
import { CHECKPOINT_KINDS } from '#core/bestCheckpoint.ts';
import { NEEDS } from '#core/queueNeed.ts';

export const queueOrderSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('random'), seed: z.number().int().min(0).max(0xffff_ffff) }),
  /** Fewest people's labels first. */
  z.object({ by: z.literal('least') }),
  /** Sources in turn, each by its share; those without one come last. */
  z.object({
    by: z.literal('sources'),
    shares: z.array(z.object({ sourceId: z.number().int(), share: z.number().positive() })).min(1),
  }),
  /** What a run would learn most from first. */
  z.object({
    by: z.literal('need'),
    runId: z.number().int(),
    need: z.enum(NEEDS),
    /** Absent: of the newest checkpoint that has figures. */
    checkpoint: z.enum(CHECKPOINT_KINDS).optional(),
  }),
]);
export type QueueOrder = z.infer<typeof queueOrderSchema>;

type Make = (groups: readonly string[]) => unknown;
/** As an address and the shell write it. */
const FORMS: readonly (readonly [RegExp, Make])[] = [
  [/^random:(\d+)$/, ([seed]) => ({ by: 'random', seed: Number(seed) })],
  [/^least$/, () => ({ by: 'least' })],
  [
    /^need:(\d+)(?::(\w+))?(?::(\w+))?$/,
    ([runId, need, checkpoint]) => ({ by: 'need', runId: Number(runId), need: need ?? 'any', checkpoint }),
  ],
  [
    /^sources:(\d+=[\d.]+(?:,\d+=[\d.]+)*)$/,
    ([list = '']) => ({
      by: 'sources',
      shares: list.split(',').map((one) => {
        const [sourceId, share] = one.split('=');
        return { sourceId: Number(sourceId), share: Number(share) };
      }),
    }),
  ],
];

/** `random:7`, `least`, `sources:1=3,2=1`, `need:4:margin`, `need:4:any:best`; null where a text is none of them. */
export function parseOrder(text: string): QueueOrder | null {
  for (const [form, make] of FORMS) {
    const found = form.exec(text);
    const parsed = found && queueOrderSchema.safeParse(make(found.slice(1)));
    if (parsed?.success) return parsed.data;
  }
  return null;
}

export function formatOrder(order: QueueOrder): string {
  if (order.by === 'random') return `random:${order.seed}`;
  if (order.by === 'least') return 'least';
  if (order.by === 'need')
    return ['need', order.runId, order.need, ...(order.checkpoint ? [order.checkpoint] : [])].join(':');
  return `sources:${order.shares.map(({ sourceId, share }) => `${sourceId}=${share}`).join(',')}`;
}
