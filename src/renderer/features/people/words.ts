import type { Role } from '#shared/peopleEntities.ts';

const NAMES: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  annotator: 'Annotator',
  adjudicator: 'Adjudicator',
};
export const roleName = (role: Role): string => NAMES[role];
