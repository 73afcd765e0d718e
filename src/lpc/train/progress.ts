/** How far a run has come, beside its weights: what it needs to go on as if it had never stopped. */
import type { EngineName } from '#core/runConfig.ts';
import type { EvaluationFrame } from '#core/runFrames.ts';
import type { DoctorState } from './doctor.ts';
import type { CodeMass } from './reseed.ts';
import type { RowPlace } from './rows.ts';

/** The best evaluation so far (`isBetter`), and the name of its checkpoint's folder. */
export interface BestSoFar extends Pick<EvaluationFrame, 'step' | 'accuracy' | 'loss'> {
  readonly folder: string;
}

export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  /** Next row. */
  readonly place: RowPlace;
  /** Since the last re-seeding; null where none is asked for. */
  readonly codeMass: CodeMass | null;
  readonly best: BestSoFar | null;
  /** Evaluations without a better one, as early stopping counts them. */
  readonly evaluationsSinceBest: number;
  readonly doctor: DoctorState;
  /** The evaluation planned at this step was broken off, and is made first when the run goes on. */
  readonly evaluationDue?: true;
}

/** As the `last` checkpoint holds it. */
export interface StoredProgress extends TrainingProgress {
  readonly datasetFingerprint: string;
  /** Another engine gives other last digits. */
  readonly engine: EngineName;
  /** Of a job that asked for it: see `TrainJob`. */
  readonly rowTokens?: number;
}
