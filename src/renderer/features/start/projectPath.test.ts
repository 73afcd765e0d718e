import { expect, it } from 'vitest';
import { projectFileName } from '#shared/projectFileName.ts';
import { nameFromPath } from './projectPath.ts';

it('makes a file name that every system takes', () => {
  expect(projectFileName('Support: tone / 2')).toBe('Support-tone-2.facet');
  expect(projectFileName('../../etc')).toBe('etc.facet');
  expect(projectFileName('  ')).toBe('preferences.facet');
  expect(projectFileName('Höflichkeit')).toBe('Höflichkeit.facet');
});

it('reads the name back from either kind of path', () => {
  expect(nameFromPath('/home/me/tone.facet')).toBe('tone');
  expect(nameFromPath('C:\\Users\\me\\tone.facet')).toBe('tone');
});
