/**
 * Markdown that loses nothing of what is stored: formulas are kept whole, a backslash that escapes no Markdown stays,
 * so do definitions and line-end backslashes. An extension of the parser (micromark) and of its tree (mdast).
 */
import type { LatexSpan } from './latexSpans.ts';

type Code = number | null;
type State = (code: Code) => State | undefined;
interface Effects {
  enter(type: string): unknown;
  exit(type: string): unknown;
  consume(code: Code): void;
}
interface Context {
  now(): { readonly offset: number; readonly line: number };
  readonly interrupt?: boolean;
  readonly parser: { readonly lazy: Readonly<Record<number, boolean>> };
}
interface Construct {
  readonly name: string;
  readonly concrete?: boolean;
  readonly tokenize: (this: Context, effects: Effects, ok: State, nok: State) => State;
}

const BACKSLASH = 92;
const DOLLAR = 36;
/** micromark's own codes: line endings are below -2, a tab is -2, the virtual spaces after it are -1. */
const isLineEnding = (code: Code): boolean => code !== null && code < -2;
const isSpace = (code: Code): boolean => code === -2 || code === -1 || code === 32;

/** Consumes a formula that `spans` names, to its end; in flow, one that has its lines to itself. */
function latex(spans: ReadonlyMap<number, LatexSpan>, inFlow: boolean): Construct {
  return {
    name: inFlow ? 'latexFlow' : 'latexText',
    ...(inFlow ? { concrete: true } : {}),
    tokenize(effects, ok, nok) {
      const span = spans.get(this.now().offset);
      const line: State = (code) => {
        if (code === null || span === undefined) return nok(code);
        if (isLineEnding(code)) {
          effects.exit('latexLine');
          return ending(code);
        }
        effects.consume(code);
        if (this.now().offset < span.end) return line;
        effects.exit('latexLine');
        effects.exit('latex');
        return inFlow ? rest : ok;
      };
      const ending: State = (code) => {
        effects.enter('lineEnding');
        effects.consume(code);
        effects.exit('lineEnding');
        return nextLine;
      };
      const nextLine: State = (code) => {
        if (code === null || (inFlow && this.parser.lazy[this.now().line] === true)) return nok(code);
        if (isLineEnding(code)) return ending(code);
        effects.enter('latexLine');
        return line(code);
      };
      const rest: State = (code) => {
        if (!isSpace(code)) return ok(code);
        effects.enter('whitespace');
        return spaces(code);
      };
      const spaces: State = (code) => {
        if (isSpace(code)) {
          effects.consume(code);
          return spaces;
        }
        effects.exit('whitespace');
        return ok(code);
      };
      return (code) => {
        if (span === undefined || (inFlow && !span.alone)) return nok(code);
        if (inFlow && this.interrupt === true) return ok(code);
        effects.enter('latex');
        effects.enter('latexLine');
        return line(code);
      };
    },
  };
}

/** What a backslash may take from Markdown; before any other sign it is shown, as stored. */
const ESCAPED = new Set([...'*_`#+-.!>~|$<'].map((sign) => sign.charCodeAt(0)));
const isPunctuation = (code: Code): boolean =>
  code !== null &&
  ((code > 32 && code < 48) ||
    (code > 57 && code < 65) ||
    (code > 90 && code < 97) ||
    (code > 122 && code < 127));

const keptBackslash: Construct = {
  name: 'keptBackslash',
  tokenize(effects, ok, nok) {
    const sign: State = (code) => {
      if (!isPunctuation(code) || ESCAPED.has(code as number)) return nok(code);
      effects.consume(code);
      effects.exit('data');
      return ok;
    };
    return (code) => {
      effects.enter('data');
      effects.consume(code);
      return sign;
    };
  },
};

interface Tree {
  enter(node: object, token: object): void;
  exit(token: object): void;
  sliceSerialize(token: object): string;
  readonly stack: readonly object[];
}

/** The formula as one node that becomes `<code class="latex">` around the stored characters. */
const latexNodes = {
  enter: {
    latex(this: Tree, token: object) {
      const children = [{ type: 'text', value: this.sliceSerialize(token) }];
      const data = { hName: 'code', hProperties: { className: ['latex'] }, hChildren: children };
      this.enter({ type: 'latex', value: '', data }, token);
    },
  },
  exit: {
    latex(this: Tree, token: object) {
      this.exit(token);
    },
  },
};

interface Data {
  micromarkExtensions?: unknown[];
  fromMarkdownExtensions?: unknown[];
}

/** A remark plugin; `spans` are the formulas of the very text that is parsed. */
export function storedMarkdown(
  this: { data(): object },
  { spans }: { readonly spans: ReadonlyMap<number, LatexSpan> },
): undefined {
  const data: Data = this.data();
  const text = latex(spans, false);
  const flow = latex(spans, true);
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({
    text: { [BACKSLASH]: [text, keptBackslash], [DOLLAR]: text },
    string: { [BACKSLASH]: keptBackslash },
    flow: { [BACKSLASH]: flow, [DOLLAR]: flow },
    disable: {
      null: [
        'definition',
        'hardBreakEscape',
        'gfmFootnoteDefinition',
        'gfmFootnoteCall',
        'gfmPotentialFootnoteCall',
      ],
    },
  });
  data.fromMarkdownExtensions ??= [];
  data.fromMarkdownExtensions.push(latexNodes);
}
