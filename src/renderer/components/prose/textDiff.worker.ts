/** Compares two texts beside the page, so that no key waits for it. */
import { textDiff } from './textDiff.ts';

self.onmessage = ({ data }: MessageEvent<{ readonly left: string; readonly right: string }>) =>
  self.postMessage(textDiff(data.left, data.right));
