/** The texts that come with a model's weights, whether they lie beside them or within. */
import { basename } from 'node:path';
import { ggufAt } from '#disk/modelPlace.ts';
import { type ReadText, readTextFile } from '../backbone/files.ts';
import { configJson } from './architecture.ts';
import { openGguf } from './header.ts';
import { tokenizerFiles } from './tokenizerJson.ts';

/** Reads the texts beside a model's weights; those of a GGUF file are written from its metadata as they are asked for. */
export async function modelTexts(place: string): Promise<ReadText> {
  const path = await ggufAt(place);
  if (path === null) return readTextFile;
  const file = await openGguf(path);
  return async (asked) => {
    switch (basename(asked)) {
      case 'config.json':
        return JSON.stringify(await configJson(file));
      case 'tokenizer.json':
        return JSON.stringify(tokenizerFiles(file).tokenizer());
      case 'tokenizer_config.json':
        return JSON.stringify(tokenizerFiles(file).config);
      default:
        return null;
    }
  };
}
