/** Roles, personal links and what they let through. */
import { createHash, randomBytes } from 'node:crypto';
import { FacetError } from '#core/result.ts';
import { mayCall } from '#shared/access.ts';
import type { Inputs } from '#shared/contract.ts';
import type { Conditions } from '#shared/library.ts';
import type { Me, Member, MemberLink, PersonHere, Role, SeenCount } from '#shared/peopleEntities.ts';
import { inTransaction } from '../data/transaction.ts';
import type { Connection, Pass } from './Connection.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';

type In = Inputs['people'];

export interface PeopleService {
  me(who: Connection): Me;
  here(who: Connection): PersonHere[];
  /** Throws `people.bound` on a page that came by a link. */
  switchTo(who: Connection, annotatorId: number | null): Me;
  list(): Member[];
  seen(signal?: AbortSignal): Promise<SeenCount[]>;
  /** Somebody new or known by name; one who has a link gets another in its place. */
  add(person: In['add']): Promise<MemberLink>;
  renewLink(annotatorId: number): Promise<MemberLink>;
  revokeLink(annotatorId: number): Promise<Member>;
  setRole(annotatorId: number, role: Role): Promise<Member>;
  /** Whom a token lets in; null where it is nobody's in the open project. */
  admit(token: string): Pass | null;
  /** Throws where what a connection may do, as it stands now, does not hold the procedure at `path`. */
  authorise(who: Connection, path: readonly string[]): void;
}

const TOKEN_BYTES = 32;
/** Always let through on a page of this machine: by these it is given back. */
const SWITCHING: ReadonlySet<string> = new Set(['people.me', 'people.here', 'people.switchTo']);
const now = (): string => new Date().toISOString();
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const refusal = (code: string, message: string, fix: string): FacetError =>
  new FacetError({ code, message, fix });

export function peopleService(current: CurrentProject): PeopleService {
  const member = (project: OpenProject, annotatorId: number): Member => {
    project.annotators.get(annotatorId);
    return project.members.get(annotatorId) as Member;
  };
  const writing = <T>(write: (project: OpenProject) => T): Promise<T> => {
    const project = current.require();
    return project.writer.write(() => inTransaction(project.database, () => write(project)));
  };
  const link = (project: OpenProject, annotatorId: number): MemberLink => {
    const { role } = member(project, annotatorId);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    project.members.setRole(annotatorId, role);
    project.members.setLink(annotatorId, { hash: hashOf(token), at: now() });
    return { member: member(project, annotatorId), token };
  };
  const me = (who: Connection): Me => {
    const { project, annotatorId } = who.pass ?? who.handedTo ?? { project: null, annotatorId: 0 };
    const bound = project?.members.get(annotatorId) ?? null;
    return {
      role: who.role,
      bound: bound && { annotatorId: bound.annotatorId, name: bound.name },
      maySwitch: who.pass === null,
    };
  };
  /** Of a page of this machine: whom it was handed to decides. */
  const authoriseHere = (who: Connection, path: readonly string[]): void => {
    if (who.handedTo === null || SWITCHING.has(path.join('.'))) return;
    const { project, annotatorId } = who.handedTo;
    if (current.get() !== project)
      throw refusal(
        'people.other-project',
        'The project in which this page was handed over is not open now.',
        'Give the page back to the owner, or open that project again.',
      );
    who.role = member(project, annotatorId).role;
    if (mayCall(who.role, path)) return;
    throw refusal(
      'people.not-allowed',
      `This page labels for an ${who.role}, who may not do this.`,
      'Give the page back to the owner: the name in its header.',
    );
  };
  return {
    me,
    here: (who) =>
      who.pass === null
        ? current
            .require()
            .members.all()
            .map(({ annotatorId, name, role }) => ({ annotatorId, name, role }))
        : [],
    switchTo: (who, annotatorId) => {
      if (who.pass !== null)
        throw refusal(
          'people.bound',
          'This page came by a personal link and stays with its person.',
          'Open the link of the other person on a page of its own.',
        );
      who.handedTo = null;
      who.role = 'owner';
      if (annotatorId === null) return me(who);
      const project = current.require();
      const { role } = member(project, annotatorId);
      who.identify(project, annotatorId);
      who.handedTo = { project, annotatorId };
      who.role = role;
      return me(who);
    },
    list: () => current.require().members.all(),
    seen: (signal) => {
      const { members, reader } = current.require();
      const count = (seen: NonNullable<Conditions['seen']>): Promise<number> => {
        const filter = { text: '', sourceId: null, status: 'all', where: { seen } } as const;
        return reader.askUntil(signal, 'count', filter, { annotatorId: null, blind: false });
      };
      return Promise.all(
        members.all().map(async ({ annotatorId }) => {
          const by = [annotatorId];
          const [pairs, unsaid] = await Promise.all([count({ by }), count({ by, unsaid: true })]);
          return { annotatorId, pairs, unsaid };
        }),
      );
    },
    add: ({ name, role }) =>
      writing((project) => {
        const { id } = project.annotators.findOrAdd(name);
        project.members.setRole(id, role);
        return link(project, id);
      }),
    renewLink: (annotatorId) => writing((project) => link(project, annotatorId)),
    revokeLink: (annotatorId) =>
      writing((project) => {
        member(project, annotatorId);
        project.members.setLink(annotatorId, null);
        return member(project, annotatorId);
      }),
    setRole: (annotatorId, role) =>
      writing((project) => {
        member(project, annotatorId);
        project.members.setRole(annotatorId, role);
        return member(project, annotatorId);
      }),
    admit: (token) => {
      const project = current.get();
      const tokenHash = hashOf(token);
      // A hash tells nothing of a token that is near: looking it up need not take constant time.
      const found = project?.members.byHash(tokenHash) ?? null;
      if (project === null || found === null) return null;
      void project.writer.write(() => project.members.seen(found.annotatorId, now())).catch(() => undefined);
      return { project, annotatorId: found.annotatorId, tokenHash };
    },
    authorise: (who, path) => {
      if (who.pass === null) return authoriseHere(who, path);
      const { project, tokenHash } = who.pass;
      if (current.get() !== project) {
        throw refusal(
          'people.other-project',
          'The project of your link is not open now.',
          'Ask whoever runs the project to open it, then reload this page.',
        );
      }
      const found = project.members.byHash(tokenHash);
      if (found === null) {
        throw refusal(
          'people.revoked',
          'Your link no longer holds.',
          'Ask whoever runs the project for a new one. What you have decided is kept.',
        );
      }
      who.role = found.role;
      if (mayCall(found.role, path)) return;
      throw refusal(
        'people.not-allowed',
        `Your link is for an ${found.role}, who may not do this.`,
        'Ask whoever runs the project.',
      );
    },
  };
}
