/** Which files of a repository make a model folder, pinned to one commit. */
import type { ListFileEntry } from '@huggingface/hub';
import { FacetError } from '#core/result.ts';
import { type Place, sorted, throwForStatus } from './hubFailures.ts';
import type { HubFetch } from './hubFetch.ts';

export interface PlannedFile {
  /** Name in the repository and in the folder. */
  readonly path: string;
  readonly bytes: number;
  /** Of large files, as the hub's file store states it. */
  readonly sha256: string | null;
  /** SHA-1 of the Git blob, of the others. */
  readonly gitSha1: string | null;
}
export interface DownloadPlan {
  readonly commit: string;
  readonly files: readonly PlannedFile[];
}

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const MAX_INDEX_BYTES = 64 * 1024 ** 2;
/** Root files that a model folder is read from, and what to keep beside them; never pickles, never code. */
const WANTED = /^[\w][\w.-]*\.(json|jinja)$|^(merges|vocab|LICENSE|USE_POLICY)\.txt$|^LICENSE(\.md)?$/;
const WEIGHTS = /^[\w][\w.-]*\.safetensors$/;
const PICKLES = /\.(bin|pt|pth|ckpt|pkl)$/;

const planned = ({ path, size, oid, lfs }: ListFileEntry): PlannedFile => ({
  path,
  bytes: lfs?.size ?? size,
  sha256: lfs?.oid ?? null,
  gitSha1: lfs ? null : (oid ?? null),
});

const bad = (place: Place, message: string): FacetError =>
  new FacetError({
    code: 'hub.not-a-model',
    message: `${place.repo}: ${message}.`,
    fix: 'Choose a model whose repository holds config.json, tokenizer.json and safetensors weights.',
  });

/** Address of a file at a commit; the hub redirects to where it is stored. */
export const fileUrl = ({ endpoint, repo }: Place, commit: string, path: string): string =>
  `${endpoint}/${repo}/resolve/${encodeURIComponent(commit)}/${path.split('/').map(encodeURIComponent).join('/')}`;

async function shardsOfIndex(url: string, place: Place, fetch: HubFetch): Promise<Set<string>> {
  const answer = await fetch(url);
  if (!answer.ok) throwForStatus(answer.status, answer.headers, place);
  const text = await answer.text();
  const map = (JSON.parse(text) as { weight_map?: unknown }).weight_map;
  if (typeof map !== 'object' || map === null) throw bad(place, `${INDEX} holds no weight_map`);
  return new Set(Object.values(map).map(String));
}

/** Small files first: what is wrong with a model shows before its weights are fetched. */
export async function planDownload(place: Place, fetch: HubFetch): Promise<DownloadPlan> {
  const { endpoint: hubUrl, repo, revision } = place;
  try {
    const { listFiles, modelInfo } = await import('@huggingface/hub');
    const info = await modelInfo({ name: repo, revision, hubUrl, fetch, additionalFields: ['sha'] });
    const commit = info.sha;
    if (!/^[0-9a-f]{7,64}$/.test(commit ?? '')) throw bad(place, 'the hub names no commit');
    const entries: ListFileEntry[] = [];
    for await (const entry of listFiles({ repo, revision: commit, hubUrl, fetch })) {
      if (entry.type === 'file') entries.push(entry);
    }
    const all = new Map(entries.map((entry) => [entry.path, planned(entry)]));
    const index = all.get(INDEX);
    let weights = all.has(SINGLE) ? [SINGLE] : [];
    if (weights.length === 0 && index !== undefined) {
      if (index.bytes > MAX_INDEX_BYTES) throw bad(place, `${INDEX} is ${index.bytes} bytes long`);
      weights = [...(await shardsOfIndex(fileUrl(place, commit, INDEX), place, fetch))];
    }
    if (weights.length === 0) {
      const pickled = [...all.keys()].some((path) => PICKLES.test(path));
      throw bad(
        place,
        pickled
          ? 'its weights are pickled (.bin, .pt), which can run code and are never fetched'
          : `it holds neither ${SINGLE} nor ${INDEX}`,
      );
    }
    for (const name of ['config.json', 'tokenizer.json', ...weights]) {
      if (!all.has(name) || (weights.includes(name) && !WEIGHTS.test(name)))
        throw bad(place, `it holds no ${name}`);
    }
    const files = [...all.values()].filter(({ path }) => weights.includes(path) || WANTED.test(path));
    const badSize = files.find(({ bytes }) => !Number.isSafeInteger(bytes) || bytes < 0);
    if (badSize) throw bad(place, `${badSize.path} has no size`);
    return { commit, files: files.sort((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1)) };
  } catch (error) {
    throw sorted(error, place);
  }
}
