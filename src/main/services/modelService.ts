import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { FacetError, unwrap } from '#core/result.ts';
import { isGgufName } from '#disk/modelPlace.ts';
import type { Model } from '#shared/entities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import type { StoredModel } from '../data/modelTable.ts';
import type { CurrentProject } from './OpenProject.ts';

export interface ModelService {
  /** The bundled starter model first, where it is there. */
  list(): Promise<Model[]>;
  /** Checks the folder in the compute process; adding a known path again gives the model there is. */
  add(path: string): Promise<Model>;
  get(modelId: number): Model;
}

/** Stored in place of a path: where the application lies may change, the model it brings does not. */
const BUNDLED = 'bundled:starter';
/** A folder in the Hugging Face layout, a GGUF file, or a folder that holds one. */
const isModel = (path: string): boolean =>
  existsSync(join(path, 'config.json')) ||
  (isGgufName(path) ? existsSync(path) : existsSync(path) && readdirSync(path).some(isGgufName));

export function modelService(
  current: CurrentProject,
  compute: ComputeClient,
  resourcesDir: string,
): ModelService {
  const starter = join(resourcesDir, 'starter');

  const describe = ({ id, name, path, info }: StoredModel): Model => {
    const bundled = path === BUNDLED;
    const folder = bundled ? starter : path;
    return { id, name, path: folder, bundled, exists: isModel(folder), info };
  };

  const put = async (name: string, storedPath: string, folder: string): Promise<Model> => {
    const project = current.require();
    const info = unwrap(await compute.run<'inspect-model'>({ kind: 'inspect-model', modelDir: folder }));
    return project.writer.write(() => describe(project.models.put(name, storedPath, info)));
  };

  return {
    list: async () => {
      const project = current.require();
      if (!project.models.byPath(BUNDLED) && isModel(starter)) await put('Starter', BUNDLED, starter);
      const models = project.models.list().map(describe);
      return models.sort((a, b) => Number(b.bundled) - Number(a.bundled));
    },
    add: async (path) => {
      const folder = resolve(path);
      current.require();
      if (!existsSync(folder)) {
        throw new FacetError({
          code: 'models.not-found',
          message: `There is no file or folder ${folder}.`,
          fix: 'Choose a folder that holds config.json, model.safetensors and tokenizer.json, or a .gguf file.',
          where: { file: folder },
        });
      }
      return put(basename(folder), folder === resolve(starter) ? BUNDLED : folder, folder);
    },
    get: (modelId) => {
      const model = current.require().models.byId(modelId);
      if (model) return describe(model);
      throw new FacetError({
        code: 'models.unknown',
        message: `This project has no model ${modelId}.`,
        fix: 'Choose a model from the list, or add its folder.',
      });
    },
  };
}
