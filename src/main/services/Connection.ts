import { FacetError } from '#core/result.ts';
import type { Role } from '#shared/peopleEntities.ts';
import type { OpenProject } from './OpenProject.ts';

/** A personal link: whom it lets in, and into which project. */
export interface Pass {
  readonly project: OpenProject;
  readonly annotatorId: number;
  readonly tokenHash: Buffer;
}

/** Lets a call name a path of this machine or not; throws where not. */
export interface PathGuard {
  require(path: string): Promise<void>;
}

/** One line to the workbench: a page, or a command of the shell. Who labels belongs to it and to nobody else. */
export class Connection {
  /** It comes over the network: it may name no path of this machine. */
  readonly isRemote: boolean;
  /** Of the window's own page: what a person chose. Null on lines that may name any path, or none. */
  readonly paths: PathGuard | null;
  /** Null where it came by no personal link: then it is the owner's. */
  readonly pass: Pass | null;
  /** Whom a page of this machine was handed to; null where it is the owner's. */
  handedTo: { readonly project: OpenProject; readonly annotatorId: number } | null = null;
  /** As it was when the call that is on was let in. */
  role: Role;
  readonly #annotators = new WeakMap<OpenProject, number>();

  constructor({
    isRemote = false,
    pass = null,
    paths = null,
  }: {
    readonly isRemote?: boolean;
    readonly pass?: Pass | null;
    readonly paths?: PathGuard | null;
  } = {}) {
    this.isRemote = isRemote;
    this.paths = paths;
    this.pass = pass;
    this.role = pass === null ? 'owner' : 'annotator';
    if (pass !== null) this.identify(pass.project, pass.annotatorId);
  }

  /** It sees own work, the queue and the guidelines alone. */
  get isRestricted(): boolean {
    return this.role !== 'owner';
  }

  identify(project: OpenProject, annotatorId: number): void {
    if (this.pass !== null && annotatorId !== this.pass.annotatorId) {
      throw new FacetError({
        code: 'people.bound',
        message: 'This page was opened by a personal link and labels as nobody else.',
        fix: 'Open the link of the other person on a page of its own.',
      });
    }
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
