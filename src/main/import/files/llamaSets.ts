/** What LLaMA-Factory's `dataset_info.json` says of a file beside it: names of columns, roles and kinds of rows. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import { z } from 'zod';
import { shallowJson } from '../json/shallowJson.ts';
import { type InputFile, inputName, openBytes, wholeFile } from './bytes.ts';
import { unreadable } from './unreadable.ts';
import { zipEntries } from './zip.ts';

const LIST_NAME = 'dataset_info.json';

const name = z.string().min(1).nullish();
const setSchema = z.object({
  file_name: z.string().optional(),
  formatting: z.enum(['alpaca', 'sharegpt', 'openai']).default('alpaca'),
  ranking: z.boolean().default(false),
  columns: z
    .object({
      prompt: name,
      query: name,
      response: name,
      history: name,
      messages: name,
      system: name,
      tools: name,
      images: name,
      videos: name,
      audios: name,
      chosen: name,
      rejected: name,
      kto_tag: name,
    })
    .optional(),
  tags: z
    .object({
      role_tag: name,
      content_tag: name,
      user_tag: name,
      assistant_tag: name,
      observation_tag: name,
      function_tag: name,
      system_tag: name,
    })
    .optional(),
});
type Listed = z.infer<typeof setSchema>;

export interface LlamaSet {
  /** Its name in the list. */
  readonly name: string;
  readonly isRanking: boolean;
  /** By the part's usual name, the column that holds it; others are no part of a pair. */
  readonly columns: ReadonlyMap<string, string>;
  /** Null where prompt and reply are texts in columns of their own. */
  readonly messages: {
    readonly role: string;
    readonly content: string;
    /** By the name of a role in the file, its usual one. */
    readonly roles: ReadonlyMap<string, string>;
  } | null;
}

/** Parts of a set under the names that they have where no list says otherwise. */
const USUAL = {
  prompt: 'instruction',
  query: 'input',
  response: 'output',
  history: 'history',
  messages: 'conversations',
  system: 'system',
  tools: 'tools',
  images: 'images',
  videos: 'videos',
  audios: 'audios',
  chosen: 'chosen',
  rejected: 'rejected',
  kto_tag: 'kto_tag',
} as const;
type Part = keyof typeof USUAL;
const PARTS = Object.keys(USUAL) as Part[];
const ROLES = [
  ['user_tag', 'human'],
  ['assistant_tag', 'gpt'],
  ['observation_tag', 'observation'],
  ['function_tag', 'function_call'],
  ['system_tag', 'system'],
] as const;

/** What the list leaves out, LLaMA-Factory takes to be there under its usual name only where no column is named at all. */
function columnsOf({ columns, formatting }: Listed): ReadonlyMap<string, string> {
  const usual: readonly Part[] = formatting === 'alpaca' ? ['prompt', 'query', 'response'] : ['messages'];
  return new Map(
    PARTS.flatMap((part): [string, string][] => {
      const column = columns ? columns[part] : usual.includes(part) ? USUAL[part] : null;
      return column ? [[USUAL[part], column]] : [];
    }),
  );
}

function setOf(setName: string, listed: Listed): LlamaSet {
  const { tags, formatting } = listed;
  const isOpenai = formatting === 'openai';
  const plain = isOpenai
    ? {
        human: 'user',
        gpt: 'assistant',
        observation: 'tool',
        function_call: 'function_call',
        system: 'system',
      }
    : null;
  return {
    name: setName,
    isRanking: listed.ranking,
    columns: columnsOf(listed),
    messages:
      formatting === 'alpaca'
        ? null
        : {
            role: tags?.role_tag ?? (isOpenai ? 'role' : 'from'),
            content: tags?.content_tag ?? (isOpenai ? 'content' : 'value'),
            roles: new Map(ROLES.map(([tag, role]) => [tags?.[tag] ?? plain?.[role] ?? role, role])),
          },
  };
}

async function textOf(input: InputFile): Promise<string> {
  const source = await openBytes(input);
  return new TextDecoder().decode(await wholeFile(inputName(input), source.chunks()));
}

/** The text of a list that lies in the file's folder or the one above it, and the file's name from there. */
async function listBeside({
  path,
  entry,
}: InputFile): Promise<{ path: string; text: string; file: string } | null> {
  if (entry !== undefined) {
    const names = await zipEntries(path);
    for (const folder of [posix.dirname(entry), posix.dirname(posix.dirname(entry))]) {
      const list = posix.join(folder, LIST_NAME);
      if (!names.includes(list)) continue;
      return {
        path: `${path}/${list}`,
        text: await textOf({ path, entry: list }),
        file: posix.relative(folder, entry),
      };
    }
    return null;
  }
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    const list = join(folder, LIST_NAME);
    if (!existsSync(list)) continue;
    return {
      path: list,
      text: await textOf({ path: list }),
      file: relative(folder, path).split(sep).join('/'),
    };
  }
  return null;
}

function entriesOf(path: string, text: string): [string, unknown][] {
  const list = shallowJson(text);
  if (typeof list === 'object' && list !== null && !Array.isArray(list)) return Object.entries(list);
  throw unreadable(
    path,
    'is no JSON object, and says how the files beside it are to be read.',
    'Mend it, or import the files from another folder.',
  );
}

/** A set may be one file, or a folder of them; either may have been packed since. */
function isOf(fileName: string, file: string): boolean {
  const set = posix.normalize(fileName).replace(/\/$/, '');
  return file.replace(/\.(gz|zst)$/, '') === set || file === set || file.startsWith(`${set}/`);
}

/** What the list beside a file says of it; null where it says nothing. Of several sets a ranking one is taken. */
export async function llamaSetOf(input: InputFile): Promise<LlamaSet | null> {
  const list = await listBeside(input);
  if (!list) return null;
  const sets = entriesOf(list.path, list.text).flatMap(([setName, value]): LlamaSet[] => {
    const fileName = (value as { file_name?: unknown } | null)?.file_name;
    if (typeof fileName !== 'string' || !isOf(fileName, list.file)) return [];
    const listed = setSchema.safeParse(value);
    if (listed.success) return [setOf(setName, listed.data)];
    const [issue] = listed.error.issues;
    throw unreadable(
      list.path,
      `says of the set ${setName} what LLaMA-Factory does not know: ${issue?.path.join('.')}: ${issue?.message}.`,
      'Mend it, or import the files from another folder.',
    );
  });
  return sets.find(({ isRanking }) => isRanking) ?? sets[0] ?? null;
}

/** Whether a name stays in the folder of the list: one that came from elsewhere reads nothing beyond it. */
const isBeside = (fileName: string): boolean =>
  !isAbsolute(fileName) && !/(^|[\\/])\.\.([\\/]|$)/.test(fileName);

/** The files that a list names in its folder, as far as they are there. */
export async function filesOfList(path: string): Promise<string[]> {
  const names = entriesOf(path, await textOf({ path })).flatMap(([, value]) => {
    const fileName = (value as { file_name?: unknown } | null)?.file_name;
    return typeof fileName === 'string' && isBeside(fileName) ? [join(dirname(path), fileName)] : [];
  });
  return [...new Set(names)].filter((file) => existsSync(file));
}

export const isList = (path: string): boolean => basename(path) === LIST_NAME;
