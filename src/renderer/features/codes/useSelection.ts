import { navigate, useScreen } from '../../state/screen.ts';

/** What the codes screen is about, kept in the address: a run, and one of its codes or prompts. */
export interface Selection {
  readonly code: number | null;
  readonly promptId: number | null;
  readonly selectRun: (runId: number) => void;
  readonly selectCode: (code: number) => void;
  readonly selectPrompt: (promptId: number) => void;
}

/** `runId` is the run in force: a selection is always written together with it. */
export function useSelection(runId: number): Selection {
  const { params } = useScreen();
  const read = (text: string | undefined) => (text !== undefined && /^\d+$/.test(text) ? Number(text) : null);
  const inRun = (more: Record<string, string>) => navigate('codes', { run: String(runId), ...more });
  return {
    code: read(params.code),
    promptId: read(params.prompt),
    selectRun: (next) => navigate('codes', { run: String(next) }),
    selectCode: (code) => inRun({ code: String(code) }),
    selectPrompt: (promptId) => inRun({ prompt: String(promptId) }),
  };
}
