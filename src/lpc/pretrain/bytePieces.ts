/** Text ↔ byte-level pieces as GPT-2 and the `ByteLevel` parts of tokenizer.json define them. */

/** Words with their leading space, numbers, runs of signs, runs of white space. */
const WORD = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

function printable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

/** One printable character for each byte value: itself where printable, else U+0100 upwards in order. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
})();

const encoder = new TextEncoder();

/** Each word as a string of byte characters. */
export const splitWords = (text: string): string[] =>
  (text.match(WORD) ?? []).map((word) =>
    Array.from(encoder.encode(word), (byte) => BYTE_CHARACTERS[byte]!).join(''),
  );
