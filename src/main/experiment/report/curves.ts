/** The lines of a design's curves, from the methods' summaries. */
import type { MethodSummary } from '../compare.ts';
import type { ExperimentOutcome } from '../outcome.ts';
import type { CellResult, Curve } from '../types.ts';
import type { CurveLine, CurvePoint } from './curvePlot.ts';

export interface DrawnCurve {
  readonly title: string;
  readonly xLabel: string;
  readonly logarithmic: boolean;
  readonly lines: readonly CurveLine[];
}

const pointOf = ({ accuracy }: MethodSummary, x: number): CurvePoint => ({ x, ...accuracy });

function draw(curve: Curve, { summaries, results, design }: ExperimentOutcome): DrawnCurve {
  const cellOf = (summary: MethodSummary): CellResult | undefined =>
    results.find(({ cell }) => cell.group === summary.group && cell.method === summary.method);
  const lines = new Map<string, CurvePoint[]>();
  const levels: CurveLine[] = [];
  const groups = new Set<string>();
  for (const summary of summaries) {
    const result = cellOf(summary);
    const place = result ? curve.point(result) : null;
    if (!place) continue;
    groups.add(summary.group);
    lines.set(place.line, [...(lines.get(place.line) ?? []), pointOf(summary, place.x)]);
  }
  // A base without a place of its own on the curve is a level to hold the curve against.
  for (const summary of summaries) {
    const result = cellOf(summary);
    const isBase = design.baseOf(summary.group) === summary.method && groups.has(summary.group);
    if (result && isBase && curve.point(result) === null) {
      levels.push({ name: summary.method, points: [], level: pointOf(summary, 0) });
    }
  }
  const sorted = [...lines].map(([name, points]) => ({ name, points: points.sort((a, b) => a.x - b.x) }));
  return {
    title: curve.title,
    xLabel: curve.xLabel,
    logarithmic: curve.logarithmic ?? false,
    lines: [...sorted, ...levels],
  };
}

/** Curves with two points or more. */
export const curvesOf = (outcome: ExperimentOutcome): DrawnCurve[] =>
  (outcome.design.curves ?? [])
    .map((curve) => draw(curve, outcome))
    .filter(({ lines }) => lines.some(({ points }) => points.length > 1));
