/** Text of a reply while its tokens come: whole characters only, and nothing of a stop string. */
import type { Tokenizer } from '../tokens/tokenizer.ts';

const UNFINISHED = '\uFFFD';
/** Tokens before the new ones that are decoded with them: pieces join differently at the start of a text. */
const CONTEXT_TOKENS = 6;
/** A character has at most this many tokens: more of them in a row are broken for good. */
const MOST_CHARACTER_TOKENS = 8;

/** Length of the longest end of `text` that begins, but does not complete, one of `stops`. */
function heldBack(text: string, stops: readonly string[]): number {
  let held = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > held; length--) {
      if (text.endsWith(stop.slice(0, length))) {
        held = length;
        break;
      }
    }
  }
  return held;
}

function firstStop(text: string, stops: readonly string[], from: number): number {
  const places = stops.map((stop) => text.indexOf(stop, Math.max(0, from - stop.length + 1)));
  return places.filter((place) => place >= 0).reduce((first, place) => Math.min(first, place), Infinity);
}

/**
 * White space around the reply is left out, as in training: what is shown so far never ends with it. What was shown is
 * never taken back: `text` at the end is the sum of all that `push` and `finish` gave.
 */
export class ReplyText {
  readonly #tokenizer: Pick<Tokenizer, 'decode'>;
  readonly #stops: readonly string[];
  readonly #ids: number[] = [];
  /** Ids before this are in `#raw`. */
  #read = 0;
  #raw = '';
  #shown = '';

  constructor(tokenizer: Pick<Tokenizer, 'decode'>, stops: readonly string[]) {
    this.#tokenizer = tokenizer;
    this.#stops = stops;
  }

  /** What is shown so far. */
  get text(): string {
    return this.#shown;
  }

  /** Takes a token; gives the text to add, and whether a stop string was reached. */
  push(token: number): { readonly text: string; readonly stopped: boolean } {
    this.#ids.push(token);
    const before = this.#raw.length;
    this.#decode(false);
    const stop = firstStop(this.#raw, this.#stops, before);
    if (stop < Infinity) {
      this.#raw = this.#raw.slice(0, stop);
      return { text: this.#show(this.#raw.length), stopped: true };
    }
    return { text: this.#show(this.#raw.length - heldBack(this.#raw, this.#stops)), stopped: false };
  }

  /** The reply has ended: gives what was held back for what might have come. */
  finish(): string {
    const before = this.#raw.length;
    this.#decode(true);
    const stop = firstStop(this.#raw, this.#stops, before);
    return this.#show(Math.min(stop, this.#raw.length));
  }

  #decode(end: boolean): void {
    const { decode } = this.#tokenizer;
    const from = Math.max(0, this.#read - CONTEXT_TOKENS);
    const known = decode(this.#ids.slice(from, this.#read));
    const all = decode(this.#ids.slice(from));
    const waits = all.endsWith(UNFINISHED) && this.#ids.length - this.#read < MOST_CHARACTER_TOKENS;
    if (waits && !end) return;
    this.#raw += all.slice(known.length);
    this.#read = this.#ids.length;
  }

  #show(length: number): string {
    const whole = this.#raw.slice(0, length).trim();
    const added = whole.slice(this.#shown.length);
    this.#shown = whole;
    return added;
  }
}
