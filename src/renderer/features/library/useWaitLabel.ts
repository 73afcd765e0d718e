import { formatDuration } from '../../format.ts';
import { useImport } from './importStore.ts';

/** What a wait for the project's one writer is about: the running import where there is one, else `otherwise`. */
export function useWaitLabel(otherwise: string): string {
  const { now } = useImport();
  if (now.stage !== 'running') return otherwise;
  const left = now.leftMs === null ? '' : `, ${formatDuration(now.leftMs)} left`;
  return `An import is being written${left}; labelling resumes right after it`;
}
