import { z } from 'zod';
import { base } from './contractBase.ts';
import {
  memberLinkSchema,
  memberSchema,
  meSchema,
  newMemberSchema,
  personHereSchema,
  roleSchema,
  seenCountSchema,
} from './peopleEntities.ts';

const oneSchema = z.object({ annotatorId: z.number().int() });

/** Who labels in the open project, in which role, and by which link. */
export const people = {
  me: base.output(meSchema),
  /** To whom this page can be handed; none where it came by a link. */
  here: base.output(z.array(personHereSchema)),
  /** Hands the page to somebody in their role; null gives it back to the owner. A page that came by a link stays its person's. */
  switchTo: base.input(z.object({ annotatorId: z.number().int().nullable() })).output(meSchema),
  list: base.output(z.array(memberSchema)),
  /** What each of them has seen, the owner's alone: numbers of pairs, whatever the project hides of one. */
  seen: base.output(z.array(seenCountSchema)),
  /** Somebody new, or known by name, with a link of their own. The token is given here and never again. */
  add: base.input(newMemberSchema).output(memberLinkSchema),
  /** A new link in the place of the old one, which ends at once. */
  renewLink: base.input(oneSchema).output(memberLinkSchema),
  /** Ends the link, and with it every page that came by it; verdicts stay. */
  revokeLink: base.input(oneSchema).output(memberSchema),
  setRole: base.input(oneSchema.extend({ role: roleSchema })).output(memberSchema),
};
