/** Reads and writes the guidelines of the open project. */
import { FacetError } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { Project } from '#shared/entities.ts';
import type { GuidelineVersion } from '#shared/guidelineEntities.ts';
import { inTransaction } from '../data/transaction.ts';
import type { Connection } from './Connection.ts';
import type { CurrentProject } from './OpenProject.ts';

export interface GuidelineService {
  versions(): GuidelineVersion[];
  /** Throws `guidelines.unknown-version`. */
  text(number: number): string;
  save(who: Connection, version: Inputs['guidelines']['save']): Promise<Project>;
  told(who: Connection, number: number): Promise<void>;
}

export function guidelineService(current: CurrentProject): GuidelineService {
  return {
    versions: () => current.require().guidelines.list(),
    text: (number) => {
      const text = current.require().guidelines.textOf(number);
      if (text !== null) return text;
      throw new FacetError({
        code: 'guidelines.unknown-version',
        message: `The guidelines have no version ${number}.`,
        fix: 'Choose one of the list.',
      });
    },
    save: async (who, { text, note }) => {
      const project = current.require();
      const annotatorId = who.annotatorIn(project);
      await project.writer.write(() =>
        inTransaction(project.database, () => {
          const author = annotatorId === null ? null : project.annotators.get(annotatorId).name;
          project.guidelines.save({ text, note, author, at: new Date().toISOString() });
          if (annotatorId !== null) project.guidelines.tell(annotatorId, project.guidelines.current().number);
        }),
      );
      return project.describe();
    },
    told: async (who, number) => {
      const project = current.require();
      const annotatorId = who.require(project);
      await project.writer.write(() => project.guidelines.tell(annotatorId, number));
    },
  };
}
