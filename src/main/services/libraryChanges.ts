import { FacetError, toFailure } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { MarkAction, MarkChange, TagCount } from '#shared/library.ts';
import { DELETED, EXCLUDED, FIRST } from '../data/marks/markTable.ts';
import { inTransaction } from '../data/transaction.ts';
import type { Connection } from './Connection.ts';
import { type CurrentProject, type OpenProject, viewerOf } from './OpenProject.ts';

/** Changes of many pairs at once: each is one step that its maker can take back. */
export interface LibraryChanges {
  /** Null where there was nothing to change. */
  change(request: Inputs['library']['change'], who?: Connection): Promise<MarkChange | null>;
  /** Takes back the change that `latest` named. */
  undoChange(changeId: number, who?: Connection): Promise<MarkChange>;
  latest(who?: Connection): MarkChange | null;
  tags(): Promise<TagCount[]>;
}

const WHAT: Readonly<Record<MarkAction, { readonly markId: number | null; readonly adds: boolean }>> = {
  tag: { markId: null, adds: true },
  untag: { markId: null, adds: false },
  exclude: { markId: EXCLUDED, adds: true },
  include: { markId: EXCLUDED, adds: false },
  delete: { markId: DELETED, adds: true },
  restore: { markId: DELETED, adds: false },
  queue: { markId: FIRST, adds: true },
  unqueue: { markId: FIRST, adds: false },
};

function requireTag(tag: string | undefined): string {
  if (tag !== undefined) return tag;
  throw new FacetError({
    code: 'library.no-tag',
    message: 'No tag was given.',
    fix: 'Type the name of a tag.',
  });
}

/** Writes the rest of a change that ended with its process. */
export function finishMarks(project: OpenProject, log: (line: string) => void): void {
  project
    .changeMarks(async () => undefined)
    .catch((error: unknown) => log(`marks: ${toFailure(error).message}`));
}

export function libraryChanges(current: CurrentProject): LibraryChanges {
  const annotatorOf = (project: OpenProject, who?: Connection) => who?.annotatorIn(project) ?? null;
  return {
    change: ({ selection, action, tag }, who) => {
      const project = current.require();
      const { adds, ...what } = WHAT[action];
      const annotatorId = annotatorOf(project, who);
      return project.changeMarks(async () => {
        const markId =
          what.markId ?? (await project.writer.write(() => project.marks.tagId(requireTag(tag))));
        const { pairs, ...words } = await project.reader.ask(
          'select',
          selection,
          viewerOf(project, who),
          markId,
          adds,
        );
        if (pairs === 0) return null;
        const at = new Date().toISOString();
        await project.writer.write(() => {
          project.marks.begin({ markId, adds, pairs, words, annotatorId, at });
        });
        return project.marks.latest(annotatorId);
      });
    },
    undoChange: (changeId, who) => {
      const project = current.require();
      const annotatorId = annotatorOf(project, who);
      return project.changeMarks(() =>
        project.writer.write(() =>
          inTransaction(project.database, () =>
            project.marks.undo(changeId, annotatorId, new Date().toISOString()),
          ),
        ),
      );
    },
    latest: (who) => {
      const project = current.require();
      return project.marks.latest(annotatorOf(project, who));
    },
    tags: () => current.require().reader.ask('tags'),
  };
}
