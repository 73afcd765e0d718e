const EARLIEST_SHARE = 0.02;

/** Milliseconds left at the rate so far; null while too little is done to tell. */
export function timeLeftMs(elapsedMs: number, share: number | null): number | null {
  if (share === null || share < EARLIEST_SHARE || elapsedMs < 300) return null;
  return (elapsedMs * (1 - Math.min(1, share))) / share;
}
