/** What the command palette finds of a project beside its commands: runs, codes and prompts. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery } from '@tanstack/react-query';
import { codesOf } from '#core/methods.ts';
import type { CodeName, Run } from '#shared/entities.ts';
import { api } from '../api/client.ts';
import { canTalk } from '../features/playground/policies.ts';
import { useRuns } from '../features/train/useRuns.ts';
import { navigate } from '../state/screen.ts';

const SETTLE_MS = 150;
const MOST_PROMPTS = 6;
/** Names are asked for of so many runs, the newest. */
const MOST_NAMED = 20;
const LABEL_CHARACTERS = 120;

interface Find {
  readonly id: string;
  readonly label: string;
  /** What it is found by beside its label. */
  readonly keywords?: string;
  readonly onClick: () => void;
}

interface Finds {
  readonly runs: readonly Find[];
  readonly codes: readonly Find[];
  readonly prompts: readonly Find[];
}

const runFinds = (runs: readonly Run[]): Find[] =>
  runs.flatMap(({ id, name, ...run }) => [
    {
      id: `run-${id}`,
      label: name,
      keywords: 'run train',
      onClick: () => navigate('train', { run: String(id) }),
    },
    ...(codesOf(run.config) !== null && run.codesStep !== null
      ? [
          {
            id: `run-codes-${id}`,
            label: `Codes of ${name}`,
            onClick: () => navigate('codes', { run: String(id) }),
          },
        ]
      : []),
    ...(canTalk(run)
      ? [
          {
            id: `run-play-${id}`,
            label: `Talk to ${name}`,
            keywords: 'playground',
            onClick: () => navigate('playground', { run: String(id) }),
          },
        ]
      : []),
  ]);

/** Those with a name, and of each run the one whose number is typed. */
function codeFinds(run: Run, names: readonly CodeName[], query: string): Find[] {
  const typed = /^(?:code\s*)?(\d+)$/i.exec(query)?.[1];
  const codes = codesOf(run.config) ?? 0;
  const numbers = new Set(names.filter(({ name }) => name !== '').map(({ code }) => code));
  if (typed !== undefined && Number(typed) < codes) numbers.add(Number(typed));
  return [...numbers].map((code) => {
    const name = names.find((given) => given.code === code)?.name;
    return {
      id: `code-${run.id}-${code}`,
      label: `${name ? `${name}, code` : 'Code'} ${code} of ${run.name}`,
      onClick: () => navigate('codes', { run: String(run.id), code: String(code) }),
    };
  });
}

/** Nothing while the palette is closed or nothing is typed. */
export function usePaletteFinds(query: string, enabled: boolean): Finds {
  const [settled] = useDebouncedValue(query, SETTLE_MS);
  const isAsked = enabled && query !== '';
  const runs = useRuns(isAsked).data ?? [];
  const withCodes = runs
    .filter(({ config, codesStep }) => codesOf(config) !== null && codesStep !== null)
    .slice(0, MOST_NAMED);
  const names = useQueries({
    queries: withCodes.map(({ id }) => ({
      ...api.codes.names.queryOptions({ input: { runId: id } }),
      enabled: isAsked,
    })),
  });
  const { data: rows } = useQuery(
    api.library.rows.queryOptions({
      input: { text: settled, sourceId: null, status: 'all', offset: 0, limit: MOST_PROMPTS },
      enabled: isAsked && settled !== '',
    }),
  );
  if (!isAsked) return { runs: [], codes: [], prompts: [] };
  return {
    runs: runFinds(runs),
    codes: withCodes.flatMap((run, at) => codeFinds(run, names[at]?.data ?? [], query)),
    prompts: (rows ?? []).map(({ id, prompt }) => ({
      id: `pair-${id}`,
      label: prompt.replaceAll(/\s+/g, ' ').slice(0, LABEL_CHARACTERS),
      // Found by the text of its replies too.
      keywords: query,
      onClick: () => navigate('annotate', { pair: String(id) }),
    })),
  };
}
