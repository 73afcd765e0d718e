import { CODE_GROUPS, type CodeGroup } from '#shared/codeSelection.ts';
import type { Run } from '#shared/entities.ts';
import { navigate, useScreen } from '../../state/screen.ts';

/** A code of the pairs of one source, aspect, tag or person. */
export interface CellPlace {
  readonly code: number;
  readonly by: CodeGroup;
  readonly group: string;
}

/** What the codes screen is about, kept in the address: a run, one of its checkpoints, and one of its codes or prompts. */
export interface Selection {
  /** Step of the checkpoint; the newest one with codes unless another is named. */
  readonly step: number | null;
  readonly code: number | null;
  readonly promptId: number | null;
  readonly cell: CellPlace | null;
  readonly selectRun: (runId: number) => void;
  readonly selectStep: (step: number) => void;
  readonly selectCode: (code: number) => void;
  readonly selectPrompt: (promptId: number) => void;
  readonly selectCell: (code: number, by: CodeGroup, group: string) => void;
}

const read = (text: string | undefined) => (text !== undefined && /^\d+$/.test(text) ? Number(text) : null);

/** The checkpoint in force. */
export const stepOf = (run: Run, asked: string | undefined): number | null => read(asked) ?? run.codesStep;

/** `run` is the run in force: a selection is always written together with it. */
export function useSelection(run: Run): Selection {
  const { params } = useScreen();
  const { id, codesStep } = run;
  const step = stepOf(run, params.step);
  const place: Record<string, string> = {
    run: String(id),
    ...(step === null || step === codesStep ? {} : { step: String(step) }),
  };
  const inRun = (more: Record<string, string>) => navigate('codes', { ...place, ...more });
  const code = read(params.code);
  const by = CODE_GROUPS.find((name) => name === params.by);
  const { group } = params;
  return {
    step,
    code,
    cell: code === null || by === undefined || group === undefined ? null : { code, by, group },
    promptId: read(params.prompt),
    selectRun: (next) => navigate('codes', { run: String(next) }),
    selectStep: (next) => navigate('codes', { run: String(id), step: String(next) }),
    selectCode: (next) => inRun({ code: String(next) }),
    selectPrompt: (promptId) => inRun({ prompt: String(promptId) }),
    selectCell: (of, kind, name) => inRun({ code: String(of), by: kind, group: name }),
  };
}
