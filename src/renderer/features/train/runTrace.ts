/** Everything a run has reported, kept so that a chart reads it without copying. Pure apart from its own state. */
import type {
  CheckpointFrame,
  EngineFrame,
  EvaluationFrame,
  PhaseFrame,
  RunFrame,
  StepFrame,
  WarningFrame,
} from '#core/runFrames.ts';
import { Columns } from './columns.ts';

const STEP_COLUMNS = [
  'step',
  'loss',
  'preferenceLoss',
  'klLoss',
  'bonusLoss',
  'kl',
  'accuracy',
  'margin',
  'gradNorm',
  'learningRate',
  'headsLearningRate',
  'lengthCorrelation',
  'codePerplexity',
  'tokensPerSecond',
  'memoryBytes',
  'gpuLoad',
  'gpuMemoryBytes',
] as const;
const EVALUATION_COLUMNS = [
  'step',
  'loss',
  'accuracy',
  'posteriorAccuracy',
  'swappedAccuracy',
  'margin',
  'rewardChosen',
  'rewardRejected',
  'kl',
  'codePerplexity',
  'topCodeShare',
  'lengthCorrelation',
] as const;
export type StepColumn = (typeof STEP_COLUMNS)[number];
export type EvaluationColumn = (typeof EVALUATION_COLUMNS)[number];

/** A finding, with every step at which it was reported counted. */
export interface Finding extends WarningFrame {
  readonly times: number;
  readonly firstStep: number;
}

export class RunTrace {
  readonly steps = new Columns<StepColumn>(STEP_COLUMNS);
  readonly evaluations = new Columns<EvaluationColumn>(EVALUATION_COLUMNS);
  lastStep: StepFrame | null = null;
  lastEvaluation: EvaluationFrame | null = null;
  /** Work at hand other than steps; a step ends it. */
  phase: PhaseFrame | null = null;
  notes: readonly string[] = [];
  engine: EngineFrame | null = null;
  checkpoints: readonly CheckpointFrame[] = [];
  readonly #found = new Map<string, Finding>();

  get findings(): readonly Finding[] {
    return [...this.#found.values()].sort((a, b) => b.step - a.step);
  }

  append(frames: readonly RunFrame[]): void {
    for (const frame of frames) this.#take(frame);
  }

  #take(frame: RunFrame): void {
    switch (frame.type) {
      case 'step':
        // a resumed run repeats the steps after its checkpoint: the later report counts
        rewind(this.steps, frame.step);
        this.steps.append(frame);
        this.lastStep = frame;
        this.phase = null;
        break;
      case 'evaluation':
        rewind(this.evaluations, frame.step);
        this.evaluations.append(frame);
        this.lastEvaluation = frame;
        break;
      case 'phase':
        this.phase = frame;
        if (frame.note && !this.notes.includes(frame.note)) this.notes = [...this.notes, frame.note];
        break;
      case 'engine':
        this.engine = frame;
        break;
      case 'warning': {
        const before = this.#found.get(frame.code);
        this.#found.set(frame.code, {
          ...frame,
          times: (before?.times ?? 0) + 1,
          firstStep: before?.firstStep ?? frame.step,
        });
        break;
      }
      case 'checkpoint':
        this.checkpoints = [...this.checkpoints.filter(({ kind }) => kind !== frame.kind), frame];
        break;
    }
  }
}

function rewind<Name extends string>(columns: Columns<Name | 'step'>, step: number): void {
  const seen = columns.view('step');
  let rows = seen.length;
  while (rows > 0 && seen[rows - 1]! >= step) rows -= 1;
  columns.truncate(rows);
}
