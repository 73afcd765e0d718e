/** Which keys the desk's actions have, and how one person changes them. Pure. */
import { z } from 'zod';
import { type Failure, fail, ok, type Result } from '#core/result.ts';
import { ACTIONS, type AnnotateAction, actionOf, actionsOn, type DeskKind, meet } from '../actions.ts';
import { capOf } from './keyWords.ts';

export type KeyMap = Readonly<Record<AnnotateAction, readonly string[]>>;
/** The actions whose keys are not those they come with. No key stands in two of them that meet. */
export type ChangedKeys = Readonly<Partial<Record<AnnotateAction, readonly string[]>>>;

export const MOST_KEYS = 3;

/** Keys of every action: the changed ones, and what these left of the others' own. */
export function keyMap(changed: ChangedKeys): KeyMap {
  const own = (action: AnnotateAction): readonly string[] => {
    const taken = ACTIONS.filter((other) => meet(action, other)).flatMap((other) => changed[other] ?? []);
    return actionOf(action).keys.filter((key) => !taken.includes(key));
  };
  return Object.fromEntries(
    ACTIONS.map((action) => [action, changed[action] ?? own(action)]),
  ) as unknown as KeyMap;
}

export const actionByKey = (keys: KeyMap, kind: DeskKind): ReadonlyMap<string, AnnotateAction> =>
  new Map(actionsOn(kind).flatMap((action) => keys[action].map((key) => [key, action] as const)));

/** Whose key it is among the actions that one meets, its own first. */
export const ownerOf = (keys: KeyMap, action: AnnotateAction, key: string): AnnotateAction | undefined =>
  [action, ...ACTIONS.filter((other) => meet(action, other))].find((other) => keys[other].includes(key));

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, index) => key === other[index]);

/** What of a map differs from the keys the actions come with. */
const changesOf = (keys: KeyMap): ChangedKeys =>
  Object.fromEntries(
    ACTIONS.filter((action) => !same(keys[action], actionOf(action).keys)).map((action) => [
      action,
      keys[action],
    ]),
  );

/** Gives an action these keys, and takes them from whichever has them of those that it meets. */
export function withKeys(
  changed: ChangedKeys,
  action: AnnotateAction,
  given: readonly string[],
): ChangedKeys {
  const keys = keyMap(changed);
  return changesOf(
    Object.fromEntries(
      ACTIONS.map((other) => [
        other,
        other === action
          ? [...new Set(given)]
          : keys[other].filter((key) => !meet(action, other) || !given.includes(key)),
      ]),
    ) as unknown as KeyMap,
  );
}

/** The keys an action comes with, given back by whichever has them. */
export const withOwnKeys = (changed: ChangedKeys, action: AnnotateAction): ChangedKeys =>
  withKeys(changed, action, actionOf(action).keys);

const KEPT: ReadonlyArray<readonly [RegExp, string]> = [
  [/^escape$/, 'lets a chosen verdict go and ends what is typed'],
  [/^(shift\+)?(enter| )$/, 'presses the button that has the focus'],
  [/^(shift\+)?tab$/, 'goes from one control to the next'],
  [/^g$/, 'begins the keys that open the screens'],
  [/^f(5|11|12)$/, 'belongs to the window'],
];

/** Why a key can not be given to an action; null where it can. */
export function whyKept(key: string): string | null {
  const kept = KEPT.find(([pattern]) => pattern.test(key));
  return kept === undefined ? null : `${capOf(key)} ${kept[1]}.`;
}

const FORMAT = 'facet-desk-keys';
const keyFile = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  keys: z.record(z.string(), z.array(z.string().min(1).max(32)).max(MOST_KEYS)),
});

/** All keys of the desk as a file that `readKeys` takes. */
export const writeKeys = (changed: ChangedKeys): string =>
  `${JSON.stringify({ format: FORMAT, version: 1, keys: keyMap(changed) }, null, 2)}\n`;

const FIX = 'Choose a file that was saved under Keys with “Save as file”.';
const refused = (file: string, message: string, field?: string): Failure => ({
  code: 'keys.unreadable',
  message,
  fix: FIX,
  where: { file, ...(field === undefined ? {} : { field }) },
});

/** The keys in a file's text. An action that it does not name has its own, unless the file gives them to another. */
export function readKeys(text: string, file: string): Result<ChangedKeys> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(refused(file, `The file is no JSON: ${(error as Error).message}`));
  }
  const read = keyFile.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.join('.') ?? '';
    return fail(refused(file, `The file holds no keys of the desk: ${issue?.message ?? ''}`, field));
  }
  return checked(read.data.keys, file);
}

function checked(keys: Readonly<Record<string, readonly string[]>>, file: string): Result<ChangedKeys> {
  const owners = new Map<string, AnnotateAction[]>();
  const changed: Partial<Record<AnnotateAction, readonly string[]>> = {};
  for (const [name, given] of Object.entries(keys)) {
    const action = ACTIONS.find((known) => known === name);
    const field = `keys.${name}`;
    if (action === undefined) return fail(refused(file, `The desk has no action “${name}”.`, field));
    const lower = given.map((key) => key.toLowerCase());
    for (const key of lower) {
      const kept = whyKept(key);
      if (kept !== null) return fail(refused(file, `A key can not be changed to this one: ${kept}`, field));
      const known = owners.get(key) ?? [];
      const other = known.find((one) => meet(one, action));
      if (other !== undefined)
        return fail(refused(file, `${capOf(key)} stands twice: for “${other}” and “${name}”.`, field));
      owners.set(key, [...known, action]);
    }
    changed[action] = lower;
  }
  return ok(changesOf(keyMap(changed)));
}
