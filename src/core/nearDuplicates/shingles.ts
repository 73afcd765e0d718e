/** Texts as sets of short windows: how much two texts share. Pure. */

/** Case, width and blanks make no difference. */
export const normalised = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** Code units of a window: parts of words in any script. */
const WINDOW = 5;

/** Spreads the bits of a hash over all of them (the end of MurmurHash3). */
export function mix(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Calls `use` with the hash of each window of a normalised text; of the whole text where it is shorter. */
export function eachWindow(text: string, use: (hash: number) => void): void {
  const last = Math.max(0, text.length - WINDOW);
  for (let from = 0; from <= last; from++) {
    let hash = 0x811c9dc5;
    const end = Math.min(text.length, from + WINDOW);
    for (let at = from; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    use(mix(hash));
  }
}

/** The different windows of a normalised text, in order. */
export function windowsOf(text: string): Uint32Array {
  const hashes = new Uint32Array(Math.max(1, text.length - WINDOW + 1));
  let count = 0;
  eachWindow(text, (hash) => {
    hashes[count] = hash;
    count += 1;
  });
  hashes.sort();
  let kept = 0;
  for (let at = 0; at < hashes.length; at++)
    if (at === 0 || hashes[at] !== hashes[at - 1]) hashes[kept++] = hashes[at] as number;
  return hashes.subarray(0, kept);
}

/** |A ∩ B| / |A ∪ B| of two sets in order. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) shared += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return shared / (a.length + b.length - shared);
}
