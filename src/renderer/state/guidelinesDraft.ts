/** Guidelines that are being written, by project: kept through Esc, other screens and a restart until they are saved. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export interface GuidelinesDraft {
  readonly text: string;
  /** What changed, in the words of whoever writes. */
  readonly note?: string;
  /** The guidelines that it began from. */
  readonly from: string;
}

interface Drafts {
  readonly drafts: Readonly<Record<string, GuidelinesDraft>>;
}

const useDrafts = create<Drafts>()(persist((): Drafts => ({ drafts: {} }), { name: 'facet-guidelines' }));

export const useGuidelinesDraft = (projectPath: string): GuidelinesDraft | null =>
  useDrafts(({ drafts }) => drafts[projectPath] ?? null);

/** Null drops it. */
export function setGuidelinesDraft(projectPath: string, draft: GuidelinesDraft | null): void {
  useDrafts.setState(({ drafts }) => {
    const { [projectPath]: _, ...others } = drafts;
    return { drafts: draft === null ? others : { ...others, [projectPath]: draft } };
  });
}
