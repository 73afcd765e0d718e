import type { Model } from '#shared/entities.ts';
import { formatBytes, formatCount, formatParameters } from '../../format.ts';

/** `llama · 134.5 M parameters · 30 layers × 576 · 8,192 tokens · BF16, 269 MB`. */
export const modelWords = ({ info }: Model): string =>
  [
    info.architecture,
    `${formatParameters(info.parameters)} parameters`,
    `${info.layers} layers × ${formatCount(info.hiddenSize)}`,
    `context ${formatCount(info.contextLength)}`,
    `${info.dtype}, ${formatBytes(info.bytes)}`,
    info.chatTemplate ? 'chat template' : 'no chat template',
  ].join(' · ');
