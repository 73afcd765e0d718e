/**
 * Rows with replies A and B and, perhaps, a verdict: Arena, SHP, LLMBar, PandaLM, JudgeBench, AlpacaEval, Auto-J,
 * SafeRLHF, and pairs that nobody has labelled yet.
 */
import { replyName } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { looksLikeDialogue } from '../read/dialogue.ts';
import { askAboutJson } from '../read/jsonText.ts';
import { isConversation, isMessage } from '../read/messages.ts';
import { type PromptRead, readPromptOrText } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { asNumber } from '../read/scoresOfTwo.ts';
import { type Said, sideNamed } from '../read/sides.ts';
import { dialoguesOfLists, upToTurn } from '../read/turnLists.ts';
import { verdictsOfTwo } from '../read/verdicts.ts';
import { type Marks, statementOf } from '../read/verdictWords.ts';
import { type ImportedVerdict, isText, type RowVerdict, UnreadableRow } from '../types.ts';
import { pairItem, type Shape } from './Shape.ts';

export interface NamedReply extends Found {
  readonly mark: string;
}
const order = (mark: string): number => (/^\d+$/.test(mark) ? Number(mark) : mark.charCodeAt(0));
const STEMS = ['response', 'output', 'answer', 'completion', 'conversation', 'assistant'];

/** Fields that are one kind of text under several marks, in the order of these; of several kinds the likeliest. */
export function namedReplies(row: Row): NamedReply[] {
  const { replyA, replyB } = row.rules.map ?? {};
  if (replyA !== undefined && replyB !== undefined) {
    const [a, b] = [row.at(replyA), row.at(replyB)];
    return a && b
      ? [
          { ...a, mark: 'a' },
          { ...b, mark: 'b' },
        ]
      : [];
  }
  const byStem = new Map<string, NamedReply[]>();
  for (const field of Object.keys(row.value)) {
    const name = replyName(field);
    const found = name && row.at(field);
    if (!name || !found || typeof found.value === 'number') continue;
    byStem.set(name.stem, [...(byStem.get(name.stem) ?? []), { ...found, mark: name.mark }]);
  }
  const rank = (stem: string): number => (STEMS.includes(stem) ? STEMS.indexOf(stem) : STEMS.length);
  const [replies] = [...byStem]
    .filter(([, found]) => found.length >= 2)
    .sort(([x], [y]) => rank(x) - rank(y))
    .map(([, found]) => found);
  return (replies ?? bareReplies(row)).sort((x, y) => order(x.mark) - order(y.mark));
}

/** Fields that are replies where nothing else is one. Under `model_a` and its kin the name of a model may stand as well. */
const BARE: readonly { names: readonly [string, string]; marks: readonly [string, string] }[] = [
  { names: ['a', 'b'], marks: ['a', 'b'] },
  { names: ['left', 'right'], marks: ['a', 'b'] },
  ...['model', 'system'].flatMap((stem) =>
    (['ab', '12'] as const).map((pair) => {
      const marks = [pair[0], pair[1]] as [string, string];
      return { names: marks.map((mark) => `${stem}_${mark}`) as [string, string], marks };
    }),
  ),
];
const isProse = (value: unknown): boolean => !isText(value) || /\S\s+\S/.test(value);

function bareReplies(row: Row): NamedReply[] {
  for (const { names, marks } of BARE) {
    const found = names.flatMap((name, index): NamedReply[] => {
      const { field, value } = row.at(name) ?? {};
      return field !== undefined && (isText(value) || isConversation(value) || isMessage(value))
        ? [{ mark: marks[index] as string, field, value }]
        : [];
    });
    if (found.length < 2) continue;
    const mayBeNames = names[0].length > 1 && names[0] !== 'left';
    if (
      !mayBeNames ||
      row.has('label_annotations') ||
      row.has('annotations') ||
      found.some(({ value }) => isProse(value))
    )
      return found;
  }
  return [];
}

/** SHP says 1 for its A; Auto-J counts from 0 while its names count from 1. */
function knownNumber(row: Row, replies: readonly NamedReply[]): Said | null {
  const [first] = replies;
  const set = (name: string, words: readonly RowVerdict[]): Said | null => {
    const found = row.at(name);
    const value = typeof found?.value === 'boolean' ? Number(found.value) : asNumber(found);
    const verdict = value === null ? undefined : words[value];
    return found && verdict !== undefined ? { field: found.field, verdict } : null;
  };
  if (row.rules.map?.verdict !== undefined || row.rules.verdicts !== undefined) return null;
  if (first && /^human[ _]ref[ _]a$/i.test(first.field)) return set('labels', ['second', 'first']);
  if (first?.field === 'response 1') return set('label', ['first', 'second', 'tie']);
  return null;
}

function readVerdicts(row: Row, replies: readonly NamedReply[]): ImportedVerdict[] {
  const [a, b] = replies as readonly [NamedReply, NamedReply];
  const marks: Marks = { marks: [a.mark, b.mark], fields: [a.field, b.field] };
  return verdictsOfTwo(row, marks, knownNumber(row, replies));
}

/** Whether a row with two named replies says which of them it calls chosen, or rejected, rather than giving their texts. */
export function namesItsChoice(row: Row): boolean {
  const [a, b, third] = namedReplies(row);
  if (!a || !b || third || !replyName(a.field)) return false;
  const marks: Marks = { marks: [a.mark, b.mark], fields: [a.field, b.field] };
  return (['chosen', 'rejected'] as const).every((part) => {
    const found = row.find(part);
    return !found || statementOf(found.value, marks) !== null || sideNamed(row, found.value, marks) !== null;
  });
}

/** What has no own prompt may hold it at the start of whole conversations. */
export const promptBeside = (row: Row, replies: readonly NamedReply[]): PromptRead | null => {
  const prompt = readPromptOrText(row);
  if (prompt || replies.some(({ value }) => Array.isArray(value))) return prompt;
  if (replies.every(({ value }) => isText(value) && looksLikeDialogue(value))) return null;
  throw new UnreadableRow('prompt', 'is missing');
};

export const twoReplies: Shape = {
  name: 'two-replies',
  matches: (row) => namedReplies(row).length === 2,
  read: (row) => {
    const replies = namedReplies(row).map((reply) => ({ ...reply, ...upToTurn(row, reply) }));
    const [a, b] = replies as [NamedReply, NamedReply];
    row.use('reply A', a.field);
    row.use('reply B', b.field);
    const question = row.find('prompt');
    const dialogues = dialoguesOfLists(row, question, [a, b]);
    if (question && dialogues) {
      row.use('prompt', question.field);
      const read = readTwoReplies(row, null, ...dialogues);
      return [pairItem(row, read, [a.field, b.field], readVerdicts(row, replies))];
    }
    if (!row.knows('prompt', 'messages')) askAboutJson(row, [a, b]);
    const prompt = promptBeside(row, replies);
    askAboutJson(row, [...(prompt?.text ? [{ field: 'prompt', value: prompt.text }] : []), a, b]);
    const two = readTwoReplies(row, prompt, a, b);
    return [pairItem(row, two, [a.field, b.field], readVerdicts(row, replies))];
  },
};
