/** Watches a run and says each finding once. */
import { remedyOf, type StandingRemedy } from '#core/remedies.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame, StepFrame, WarningFrame } from '#core/runFrames.ts';
import { diagnose } from '#core/warnings.ts';

/** Steps that the rules look back on. */
const STEPS_KEPT = 10;

/** What it remembers. */
export interface DoctorState {
  readonly steps: readonly StepFrame[];
  readonly evaluations: readonly EvaluationFrame[];
  /** Codes of what was said. */
  readonly said: readonly string[];
  /** What was told to try; absent in runs that were stopped before it was kept. */
  readonly remedies?: readonly StandingRemedy[];
}
const NEW_DOCTOR: DoctorState = { steps: [], evaluations: [], said: [] };

export interface RunDoctor {
  afterStep(frame: StepFrame): WarningFrame[];
  afterEvaluation(frame: EvaluationFrame): WarningFrame[];
  state(): DoctorState;
}

export function runDoctor(config: RunConfig, from: DoctorState = NEW_DOCTOR): RunDoctor {
  const steps = [...from.steps];
  const evaluations = [...from.evaluations];
  const said = new Set(from.said);
  const remedies = [...(from.remedies ?? [])];
  const news = (step: number): WarningFrame[] =>
    diagnose({ config, steps, evaluations }, { codes: [...said], remedies })
      .filter(({ code }) => !said.has(code))
      .map((finding) => {
        said.add(finding.code);
        remedies.push(remedyOf(finding));
        return { type: 'warning', step, ...finding };
      });
  return {
    afterStep(frame) {
      // Without what the clock says, so that a run's progress is the same each time.
      const { memoryBytes: _, gpuLoad: __, gpuMemoryBytes: ___, ...figures } = frame;
      steps.push({ ...figures, tokensPerSecond: 0, timeLeftMs: 0 });
      if (steps.length > STEPS_KEPT) steps.shift();
      return news(frame.step);
    },
    afterEvaluation(frame) {
      evaluations.push(frame);
      return news(frame.step);
    },
    state: () => ({
      steps: [...steps],
      evaluations: [...evaluations],
      said: [...said],
      remedies: [...remedies],
    }),
  };
}
