import { FailureCard } from '../../components/FailureCard.tsx';
import { retrySave, useAnnotation } from './annotationStore.ts';
import type { Operation } from './session.ts';

/** Why what was decided could not be saved; nothing where all is well. */
export function SaveFailure() {
  const { failure, operations } = useAnnotation();
  if (failure === null) return null;
  const message = failureWords(operations[0], failure.message);
  return <FailureCard failure={{ ...failure, message }} onRetry={retrySave} />;
}

function failureWords(first: Operation | undefined, message: string): string {
  if (first?.kind === 'undo') return `Nothing was taken back: ${message}`;
  if (first?.kind === 'redo') return `Nothing was redone: ${message}`;
  return `Your verdict is not saved yet: ${message}`;
}
