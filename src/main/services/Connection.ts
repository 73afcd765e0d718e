import { FacetError } from '#core/result.ts';
import type { OpenProject } from './OpenProject.ts';

/** One line to the workbench: a page, or a command of the shell. Who labels belongs to it and to nobody else. */
export class Connection {
  /** It comes over the network: it may name no path of this machine. */
  readonly isRemote: boolean;
  readonly #annotators = new WeakMap<OpenProject, number>();

  constructor({ isRemote = false }: { readonly isRemote?: boolean } = {}) {
    this.isRemote = isRemote;
  }

  identify(project: OpenProject, annotatorId: number): void {
    project.beginSession(annotatorId);
    this.#annotators.set(project, annotatorId);
  }

  /** Null where nobody has said who they are: then nobody's verdicts are looked at. */
  annotatorIn(project: OpenProject): number | null {
    return this.#annotators.get(project) ?? null;
  }

  require(project: OpenProject): number {
    const annotatorId = this.annotatorIn(project);
    if (annotatorId !== null) return annotatorId;
    throw new FacetError({
      code: 'annotate.no-annotator',
      message: 'No annotator has been chosen on this page.',
      fix: 'Choose your name.',
    });
  }

  /** Refuses what is asked in the name of anybody but the one who labels here. */
  requireAs(project: OpenProject, annotatorId: number): void {
    if (this.require(project) === annotatorId) return;
    throw new FacetError({
      code: 'annotate.other-annotator',
      message: 'This page now labels under another name.',
      fix: 'Reload the page and check the name in its header.',
    });
  }
}
