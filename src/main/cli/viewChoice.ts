/** A saved view as the choice of pairs that it shows. Pure. */
import { FacetError } from '#core/result.ts';
import type { PairChoice } from '#shared/dataEntities.ts';
import type { SavedView } from '#shared/entities.ts';

/** In a window a view counts the labels of whoever looks; here, those of everybody. Throws `export.no-view`. */
export function viewChoice(
  views: readonly SavedView[],
  name: string,
): Pick<PairChoice, 'shown'> & { readonly status: PairChoice['status'] | null } {
  const found = views.find((saved) => saved.name === name);
  if (!found)
    throw new FacetError({
      code: 'export.no-view',
      message: `The project has no view “${name}”.`,
      fix:
        views.length === 0
          ? 'It has no view at all; save one in the Library.'
          : `Choose among: ${views.map((saved) => saved.name).join(', ')}.`,
    });
  const { filter } = found.view;
  return {
    shown: { filter: { ...filter, status: 'all' }, annotatorId: null },
    status: filter.status === 'all' ? null : filter.status,
  };
}
