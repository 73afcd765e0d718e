import { APPEND_ROWS } from '../../appendRows.ts';
import { record } from '../kernel.ts';

/** No node of ONNX: `withoutAppends` takes it out of the graph again. */
export function registerAppendRows(): void {
  record(APPEND_ROWS, ({ builder, input }) => {
    const cache = input('cache');
    return builder.emit(APPEND_ROWS, [cache, input('added'), input('lengths')], cache);
  });
}
