import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface PlotProps {
  /** Read once, when the plot is made: give the element a new `key` to make it anew. */
  readonly options: () => uPlot.Options;
  readonly data: uPlot.AlignedData;
  readonly width: number;
  readonly height: number;
  readonly handle: RefObject<uPlot | null>;
}

/** One uPlot, fed and resized in place. */
export function Plot({ options, data, width, height, handle }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const first = useRef({ options, data });

  useEffect(() => {
    if (!host.current) return;
    const plot = new uPlot(first.current.options(), first.current.data, host.current);
    handle.current = plot;
    return () => {
      plot.destroy();
      handle.current = null;
    };
  }, [handle]);

  useEffect(() => handle.current?.setData(data), [handle, data]);

  useEffect(() => {
    const plot = handle.current;
    if (plot && (plot.width !== width || plot.height !== height)) plot.setSize({ width, height });
  }, [handle, width, height]);

  return <div ref={host} aria-hidden="true" />;
}
