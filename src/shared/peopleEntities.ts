/** Who may do what in a project, and the links by which people reach it. */
import { z } from 'zod';
import { annotatorNameSchema } from './entities.ts';

/** An owner runs the project, an annotator labels, an adjudicator also settles what annotators disagree on. */
export const ROLES = ['owner', 'annotator', 'adjudicator'] as const;
export type Role = (typeof ROLES)[number];
export const roleSchema = z.enum(ROLES);

/** Who a connection is: bound to one person where it came by that person's link. */
export const meSchema = z.object({
  role: roleSchema,
  /** Null where the line belongs to whoever says a name. */
  bound: z.object({ annotatorId: z.number().int(), name: z.string() }).nullable(),
  /** It came by no link: whoever sits here may hand it to somebody else. */
  maySwitch: z.boolean(),
});
/** Somebody to whom a page of this machine can be handed. */
export const personHereSchema = z.object({
  annotatorId: z.number().int(),
  name: z.string(),
  role: roleSchema,
});
export const memberSchema = z.object({
  annotatorId: z.number().int(),
  name: z.string(),
  role: roleSchema,
  /** When the link in force was made; null where there is none. */
  linkMadeAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  decided: z.number(),
});
/** How many pairs in use somebody had on the desk or said anything of, and of how many of them nothing that they said stands. */
export const seenCountSchema = z.object({
  annotatorId: z.number().int(),
  pairs: z.number(),
  unsaid: z.number(),
});
export const newMemberSchema = z.object({ name: annotatorNameSchema, role: roleSchema });
/** Given once: only its hash is kept. */
export const memberLinkSchema = z.object({ member: memberSchema, token: z.string() });

export type Me = z.infer<typeof meSchema>;
export type PersonHere = z.infer<typeof personHereSchema>;
export type Member = z.infer<typeof memberSchema>;
export type SeenCount = z.infer<typeof seenCountSchema>;
export type MemberLink = z.infer<typeof memberLinkSchema>;
