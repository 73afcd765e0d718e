/**
 * Colour roles, each a CSS variable of its name (`var(--surface)`). Every colour in the app is one of these or a
 * code's hue. Text roles read at 4.5 : 1 on the grounds that contrast.test.ts lists.
 */
export const lightRoles = {
  bg: '#f7f7f8',
  surface: '#ffffff',
  raised: '#ffffff',
  sunken: '#f0f0f2',
  line: '#e4e4e8',
  'line-strong': '#d0d0d7',
  text: '#1b1b1f',
  muted: '#5c5c66',
  faint: '#696973',
  accent: '#5b5bd6',
  'accent-hover': '#4c4cc4',
  'accent-text': '#4f4fc9',
  'accent-soft': '#ededfc',
  'on-accent': '#ffffff',
  good: '#1a7a50',
  'good-soft': '#e2f5ec',
  bad: '#c02f25',
  'bad-soft': '#fdeae8',
  warn: '#8a5c00',
  'warn-soft': '#fff4d6',
  differs: '#e1e5f0',
  'differs-line': '#8089a3',
  shadow: '0 8px 24px rgb(20 20 30 / 12%)',
  focus: '0 0 0 2px var(--surface), 0 0 0 4px var(--accent)',
};

export const darkRoles = {
  bg: '#111113',
  surface: '#18181b',
  raised: '#1f1f23',
  sunken: '#141416',
  line: '#2a2a30',
  'line-strong': '#3a3a42',
  text: '#ededf0',
  muted: '#a2a2ad',
  faint: '#8d8d98',
  accent: '#8e8cf5',
  'accent-hover': '#a3a1f8',
  'accent-text': '#a09ef8',
  'accent-soft': '#26264a',
  'on-accent': '#111113',
  good: '#4cc38a',
  'good-soft': '#12301f',
  bad: '#ff8b7e',
  'bad-soft': '#3a1614',
  warn: '#e2b340',
  'warn-soft': '#33280a',
  differs: '#30374a',
  'differs-line': '#7f8aa8',
  shadow: '0 8px 24px rgb(0 0 0 / 50%)',
  focus: '0 0 0 2px var(--surface), 0 0 0 4px var(--accent)',
} satisfies Record<keyof typeof lightRoles, string>;

export type ColourRole = keyof typeof lightRoles;

/** Roles as CSS variables: `{ '--surface': '#ffffff', … }`. */
export const asVariables = (roles: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(roles).map(([role, value]) => [`--${role}`, value]));
