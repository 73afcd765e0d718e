import { Chip } from '../components/Chip.tsx';
import { useSaveState } from '../state/saveState.ts';

/** Saved, saving or not saved; loud, and a button, when not. */
export function SavedChip() {
  const { pending, failure, retry } = useSaveState();
  return (
    <span role="status">
      {failure !== null ? (
        <Chip tone="bad" {...(retry === null ? {} : { onClick: retry })} title={failure.message}>
          Not saved · {pending} waiting
        </Chip>
      ) : pending > 0 ? (
        <Chip tone="warn">Saving…</Chip>
      ) : (
        <Chip tone="good">Saved</Chip>
      )}
    </span>
  );
}
