/** Every input of the contract that could name a place of the disk stands in the list, or here with what it is instead. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '#shared/contract.ts';
import { NAMING_PATHS, pathsNamedBy } from './namedPaths.ts';

const PLACE = /^(paths?|files?|out|parent|folder|dir|target|destination)$/i;
/** Of the other machine, bytes, a format, and what an export of this session wrote. */
const NO_PLACE_HERE = ['jobs.submit.out', 'app.upload.file', 'data.export.file', 'data.file.path'];

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly anyOf?: readonly Schema[];
}
const fieldsOf = ({ properties = {}, anyOf = [] }: Schema): string[] => [
  ...Object.keys(properties),
  ...anyOf.flatMap(fieldsOf),
];

it('lists every procedure that names a path', () => {
  const found = Object.entries(contract).flatMap(([room, procedures]) =>
    Object.entries(procedures).flatMap(([name, procedure]) => {
      const { inputSchema } = (procedure as { '~orpc': { inputSchema?: z.ZodType } })['~orpc'];
      if (inputSchema === undefined) return [];
      const schema = z.toJSONSchema(inputSchema, { io: 'input', unrepresentable: 'any' }) as Schema;
      return fieldsOf(schema)
        .filter((field) => PLACE.test(field))
        .map((field) => `${room}.${name}.${field}`);
    }),
  );
  const listed = Object.entries(NAMING_PATHS).map(([name, field]) => `${name}.${field}`);
  expect(found.filter((name) => !NO_PLACE_HERE.includes(name)).sort()).toEqual(listed.sort());
});

it('reads them from an input of any shape', () => {
  expect(pathsNamedBy('library.inputs', { paths: ['/a', 3, '/b'] })).toEqual(['/a', '/b']);
  expect(pathsNamedBy('project.open', { path: '/a' })).toEqual(['/a']);
  expect(pathsNamedBy('project.backups', { path: null })).toEqual([]);
  expect(pathsNamedBy('annotate.decide', { path: '/a' })).toEqual([]);
  const asked = (startFrom: unknown) => pathsNamedBy('runs.start', { config: { startFrom } });
  expect([asked('/adapter'), asked('run:3'), asked(null), asked(3)]).toEqual([['/adapter'], [], [], []]);
  for (const odd of [null, 'x', 3, [], undefined]) expect(pathsNamedBy('project.open', odd)).toEqual([]);
});
