/** What a report of a crash says: where the program was, and nothing of the person, the machine's folders or the data. */

export interface CrashFacts {
  /** `its main process`, `the screen Train`. */
  readonly where: string;
  readonly version: string;
  /** Runtime and system, in words. */
  readonly runtime: string;
  readonly at: string;
  readonly error: unknown;
}

/** Their messages are the engine's own and name properties, not data; any other message may quote a text or a place. */
const OF_THE_ENGINE = ['TypeError', 'RangeError', 'ReferenceError'];
const LONGEST_MESSAGE = 200;
const MOST_FRAMES = 40;

/** `at name (file:line:column)`: of the place only the file's own name stays. */
function frameOf(line: string): string | null {
  const found = /^\s*at (?:(?<name>[\w.$<>[\]# ]+?) \()?(?<place>[^()]+?)\)?$/.exec(line);
  if (found?.groups === undefined) return null;
  const { name, place = '' } = found.groups;
  const file = place.split(/[\\/]/).at(-1) ?? '';
  return `  at ${name ?? '(anonymous)'} ${/^[\w.-]+(:\d+){0,2}$/.test(file) ? file : '(elsewhere)'}`;
}

/** Without places and anything as long as a token. */
export const withoutPlaces = (message: string): string =>
  message
    .replace(/(?:[A-Za-z]:)?(?:[\\/][^\\/\s'"`:]+){2,}/g, '(a place)')
    .replace(/[\w+=-]{24,}/g, '(a token)');

/** Without what is quoted either. */
const scrubbed = (message: string): string =>
  withoutPlaces(message.slice(0, LONGEST_MESSAGE).replace(/(["'`])(?:(?!\1).){25,}\1?/g, '$1…$1'));

export function crashReport({ where, version, runtime, at, error }: CrashFacts): string {
  const { name, code } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  const known = typeof name === 'string' && /^\w{1,60}$/.test(name) ? name : 'an unknown error';
  const message = error instanceof Error && OF_THE_ENGINE.includes(known) ? scrubbed(error.message) : null;
  const frames = (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .map(frameOf)
    .filter((frame) => frame !== null);
  return [
    `Facet ${version} met an error in ${where}.`,
    runtime,
    at,
    '',
    [known, typeof code === 'string' && /^[\w.-]{1,60}$/.test(code) ? code : null].filter(Boolean).join(', '),
    ...(message === null ? [] : [message]),
    ...frames.slice(0, MOST_FRAMES),
    '',
    'This file holds no texts, no folders of this machine and no tokens. Nothing was sent anywhere.',
    '',
  ].join('\n');
}
