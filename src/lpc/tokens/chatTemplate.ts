/** A model's own chat template, written in Jinja, as its folder states it. */
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { type Message, partsOf } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import {
  isJsonObject,
  type JsonObject,
  type ReadText,
  readJsonObject,
  readTextFile,
} from '../backbone/files.ts';
import { templateSource } from './knownTemplates.ts';
import { interruptible, TEXT_LIMIT_MS, watched } from './timeLimit.ts';

export interface OpenOptions {
  /** A run's `chatTemplate`. */
  readonly chosen?: string | null | undefined;
  readonly read?: ReadText | undefined;
  readonly limitMs?: number | undefined;
}

export interface ChatTemplate {
  /** The template's text: part of what reference log-probabilities depend on. */
  readonly source: string;
  /** The dialogue as text; with `opensReply` it ends where the assistant's reply begins. Throws `tokens.template-failed`. */
  render(messages: readonly Message[], opensReply: boolean): string;
}

/** Some templates print today's date; a fixed one keeps a prompt the same from day to day. */
const FIXED_DATE = '26 Jul 2024';

const IN_SETTINGS = 'the run’s settings';

/** More than any dialogue that is imported can have become. */
const MOST_CHARACTERS = 64 * 1024 ** 2;

type Arguments = 'values' | 'texts';

function parsedArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that is no JSON is printed as it stands.
    return text;
  }
}

/**
 * Most templates print arguments of calls as JSON, and would quote a text a second time; others put them together with
 * text, and can't have a value.
 */
function callForTemplate(call: unknown, as: Arguments): unknown {
  if (!isJsonObject(call)) return call;
  const called = isJsonObject(call.function) ? call.function : call;
  const given = called.arguments;
  const isText = typeof given === 'string';
  if (given === undefined || isText === (as === 'texts')) return call;
  const whole = { ...called, arguments: isText ? parsedArguments(given) : JSON.stringify(given) };
  return called === call ? whole : { ...call, function: whole };
}

function forTemplate(message: Message, as: Arguments): Record<string, unknown> {
  const { role, content } = message;
  const { tools: _, tool_calls: calls, ...parts } = partsOf(message) ?? {};
  const called = calls && { tool_calls: calls.map((call) => callForTemplate(call, as)) };
  return { role, content, ...parts, ...called };
}
/** What a value becomes that is put together with text; transformers refuses it there. */
const MISPRINTED = /\[object (?:Map|Object)\]/g;
const misprints = (text: string): number => text.match(MISPRINTED)?.length ?? 0;

/** The tools that the dialogue offers, where it offers any. */
function toolsOf(messages: readonly Message[]): { tools?: readonly unknown[] } {
  const { tools } = messages.find((message) => message.tools !== undefined) ?? {};
  return tools ? { tools } : {};
}

/** Template text from a `chat_template` value: a string, or a list of named ones of which `default` is taken. */
function templateText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const named = value.filter(isJsonObject);
  const chosen = named.find((entry) => entry.name === 'default') ?? named[0];
  return typeof chosen?.template === 'string' ? chosen.template : null;
}

/**
 * `chosen` by its name or text; else from `chat_template.jinja`, `tokenizer_config.json` or `chat_template.json`, in this order; null
 * where there is none, or `plain` is chosen. `specialTokens` (bos_token, eos_token, …) are the template's variables. Throws `tokens.bad-template`.
 */
export async function openChatTemplate(
  dir: string,
  tokenizerConfig: JsonObject,
  specialTokens: Readonly<Record<string, string>>,
  { chosen = null, read = readTextFile, limitMs = TEXT_LIMIT_MS }: OpenOptions = {},
): Promise<ChatTemplate | null> {
  if (chosen === 'plain') return null;
  const ownFile = join(dir, 'chat_template.jinja');
  const places: readonly (readonly [string, () => Promise<string | null> | string | null])[] = [
    [IN_SETTINGS, () => (chosen === null ? null : templateSource(chosen))],
    ['chat_template.jinja', () => read(ownFile)],
    ['tokenizer_config.json', () => templateText(tokenizerConfig.chat_template)],
    [
      'chat_template.json',
      async () => templateText((await readJsonObject(join(dir, 'chat_template.json'), read))?.chat_template),
    ],
  ];
  let source: string | null = null;
  let file = dir;
  for (const [name, text] of places) {
    source = await text();
    file = name === IN_SETTINGS ? name : join(dir, name);
    if (source !== null) break;
  }
  if (source === null) return null;
  const failure = (code: string, says: string, error: unknown, fix: string) =>
    new FacetError(
      {
        code,
        message: `The chat template in ${file} ${says}: ${error instanceof Error ? error.message : String(error)}`,
        fix,
        where: { file, field: 'chat_template' },
      },
      { cause: error },
    );
  const text = source;
  let template: Template;
  try {
    // The library declares its own `strftime_now`, which tells today's date and can't be replaced.
    template = interruptible(
      dir,
      limitMs,
      () => new Template(text.replaceAll('strftime_now', 'fixed_date_now')),
    );
  } catch (error) {
    throw failure(
      'tokens.bad-template',
      'is no valid Jinja',
      error,
      'Mend the template there, or fetch the tokenizer files again.',
    );
  }
  return {
    source: text,
    render(messages, opensReply) {
      try {
        const written = (as: Arguments): string =>
          watched(() =>
            template.render({
              ...specialTokens,
              messages: messages.map((message) => forTemplate(message, as)),
              ...toolsOf(messages),
              add_generation_prompt: opensReply,
              date_string: FIXED_DATE,
              fixed_date_now: () => FIXED_DATE,
            }),
          );
        const first = written('values');
        const isMisprinted = misprints(first) > misprints(JSON.stringify(messages));
        const whole = isMisprinted ? written('texts') : first;
        if (isMisprinted && misprints(whole) > misprints(JSON.stringify(messages)))
          throw new Error('it puts a value of a message together with text');
        if (whole.length > MOST_CHARACTERS)
          throw new Error(`it made ${whole.length} characters of a dialogue`);
        return whole;
      } catch (error) {
        throw failure(
          'tokens.template-failed',
          'can’t write a dialogue',
          error,
          'Some templates accept no system message, or require user and assistant to alternate: change the dialogue.',
        );
      }
    },
  };
}
