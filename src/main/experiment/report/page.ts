import type { ExperimentOutcome } from '../outcome.ts';

export const reportPage = (outcome: ExperimentOutcome): string => outcome.design.title;
