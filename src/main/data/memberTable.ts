import type { Member, Role } from '#shared/peopleEntities.ts';
import type { Database } from './database.ts';

const MEMBER = `SELECT annotators.id AS annotatorId, annotators.name, coalesce(members.role, 'annotator') AS role,
  members.link_made_at AS linkMadeAt, members.last_seen_at AS lastSeenAt,
  (SELECT count(*) FROM standing WHERE person = 1 AND standing.annotator_id = annotators.id AND decision <> 'skip') AS decided
FROM annotators LEFT JOIN members ON members.annotator_id = annotators.id WHERE annotators.kind = 'person'`;

/** What a link says of who came by it. */
export interface Admission {
  readonly annotatorId: number;
  readonly name: string;
  readonly role: Role;
}

/** Roles and links of the people who label. A token is known by its SHA-256 alone. */
export function memberTable(database: Database) {
  const all = database.prepare<[], Member>(`${MEMBER} ORDER BY annotators.id`);
  const one = database.prepare<[number], Member>(`${MEMBER} AND annotators.id = ?`);
  const byHash = database.prepare<[Buffer], Admission>(
    `SELECT annotators.id AS annotatorId, annotators.name, members.role
     FROM members JOIN annotators ON annotators.id = members.annotator_id WHERE members.token_hash = ?`,
  );
  const setRole = database.prepare<[number, Role]>(
    `INSERT INTO members (annotator_id, role) VALUES (?, ?)
     ON CONFLICT (annotator_id) DO UPDATE SET role = excluded.role`,
  );
  const setLink = database.prepare<[Buffer | null, string | null, number]>(
    'UPDATE members SET token_hash = ?, link_made_at = ? WHERE annotator_id = ?',
  );
  const seen = database.prepare<[string, number]>(
    'UPDATE members SET last_seen_at = ? WHERE annotator_id = ?',
  );
  return {
    all: () => all.all(),
    get: (annotatorId: number): Member | null => one.get(annotatorId) ?? null,
    byHash: (hash: Buffer): Admission | null => byHash.get(hash) ?? null,
    setRole: (annotatorId: number, role: Role): void => void setRole.run(annotatorId, role),
    /** The link in force is replaced; null ends it. */
    setLink: (annotatorId: number, link: { readonly hash: Buffer; readonly at: string } | null): void =>
      void setLink.run(link?.hash ?? null, link?.at ?? null, annotatorId),
    seen: (annotatorId: number, at: string): void => void seen.run(at, annotatorId),
  };
}
