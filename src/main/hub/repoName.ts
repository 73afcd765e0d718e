import { FacetError } from '#core/result.ts';

const NAME = /^[A-Za-z0-9][\w.-]{0,95}(\/[A-Za-z0-9][\w.-]{0,95})?$/;

/** `owner/name` from what a person typed or pasted, the page's address included. Throws `hub.bad-name`. */
export function parseRepo(given: string, endpoint: string): string {
  const typed = given.trim();
  const path = typed.startsWith(`${endpoint}/`) ? typed.slice(endpoint.length + 1) : typed;
  const repo = path.replace(/\/(tree\/.*)?$/, '').replace(/\/tree\/.*$/, '');
  if (NAME.test(repo) && !repo.includes('..')) return repo;
  throw new FacetError({
    code: 'hub.bad-name',
    message: `${JSON.stringify(typed)} is not the name of a model.`,
    fix: 'Give it as owner/model, e.g. Qwen/Qwen2.5-0.5B.',
    where: { field: 'repo' },
  });
}
