import { CACHED_ATTENTION } from '../../cachedAttention.ts';
import { cast } from '../elementwise.ts';
import { record } from '../kernel.ts';
import { reshape } from '../shapes.ts';

export function registerCachedAttention(): void {
  record(CACHED_ATTENTION, ({ builder, input, attributes }) => {
    const [q, k, v] = [input('q'), input('k'), input('v')];
    const [keys, values, lengths] = [input('keys'), input('values'), input('lengths')];
    const rows = keys.shape[0]!;
    const perRow = (x: typeof q) => reshape(builder, x, [rows, 1, x.shape[1]!]);
    const types = [{ shape: [rows, 1, q.shape[1]!], type: q.type }, keys, values];
    const made = builder.emitMany(
      'GroupQueryAttention',
      [
        perRow(q),
        perRow(k),
        perRow(v),
        keys,
        values,
        cast(builder, lengths, 'int32'),
        cast(builder, input('total'), 'int32'),
      ],
      types,
      {
        domain: 'com.microsoft',
        attributes: {
          num_heads: attributes.number('heads'),
          kv_num_heads: keys.shape[1]!,
          scale: { float: 1 },
          local_window_size: attributes.number('window'),
        },
      },
    );
    return [reshape(builder, made[0]!, q.shape), made[1]!, made[2]!];
  });
}
