/** Watches a run and says each finding once. */
import type { RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame, StepFrame, WarningFrame } from '#core/runFrames.ts';
import { diagnose } from '#core/warnings.ts';

/** Steps that the rules look back on. */
const STEPS_KEPT = 50;

export interface RunDoctor {
  afterStep(frame: StepFrame): WarningFrame[];
  afterEvaluation(frame: EvaluationFrame): WarningFrame[];
}

export function runDoctor(config: RunConfig): RunDoctor {
  const steps: StepFrame[] = [];
  const evaluations: EvaluationFrame[] = [];
  const said = new Set<string>();
  const news = (step: number): WarningFrame[] =>
    diagnose({ config, steps, evaluations })
      .filter(({ code }) => !said.has(code))
      .map((finding) => {
        said.add(finding.code);
        return { type: 'warning', step, ...finding };
      });
  return {
    afterStep(frame) {
      steps.push(frame);
      if (steps.length > STEPS_KEPT) steps.shift();
      return news(frame.step);
    },
    afterEvaluation(frame) {
      evaluations.push(frame);
      return news(frame.step);
    },
  };
}
