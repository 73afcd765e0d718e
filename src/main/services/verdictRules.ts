import { missingInRanking } from '#core/ranking.ts';
import { FacetError } from '#core/result.ts';
import {
  type AskedAttribute,
  cleanAttributes,
  disagrees,
  missingAttribute,
  NO_ATTRIBUTES,
  type VerdictRules,
} from '#core/verdictAttributes.ts';
import type { NewDecision } from '#shared/entities.ts';
import type { OpenProject } from './OpenProject.ts';

const ASKED: Readonly<Record<AskedAttribute, string>> = {
  strength: 'how much better the preferred reply is',
  aspects: 'an answer for each required aspect',
  confidence: 'how sure you are',
  rationale: 'a reason for the verdict',
};

/** Refuses a verdict that lacks what the project asks of one. */
export function refuseIncomplete(
  rules: VerdictRules,
  {
    verdict,
    attributes = NO_ATTRIBUTES,
    pairId,
    ranking,
  }: Pick<NewDecision, 'verdict' | 'attributes' | 'pairId' | 'ranking'>,
): void {
  const said = cleanAttributes(verdict, attributes);
  const missing = ranking
    ? missingInRanking(
        verdict,
        { ranks: ranking.ranks, steps: ranking.steps ?? [], aspects: ranking.aspects ?? {} },
        said,
        rules,
      )
    : missingAttribute(verdict, said, rules);
  if (missing === null) return;
  throw new FacetError({
    code: 'annotate.incomplete',
    message: `This project asks for ${ASKED[missing]}; the verdict on pair ${pairId} has none.`,
    fix: 'Take the verdict back, answer, and give it again; or change what the project asks in Settings.',
  });
}

/** Whether a verdict just stored contradicts what others or files say of its pair, and the project wants to know why. */
export function wantsRationale(
  project: OpenProject,
  { verdict, attributes, pairId, annotatorId }: NewDecision,
): boolean {
  if (project.projectSettings().verdict.rationale !== 'disagreement') return false;
  if ((attributes?.rationale ?? '').trim() !== '') return false;
  return disagrees(verdict, project.annotations.othersOn(pairId, annotatorId));
}
