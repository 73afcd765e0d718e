/** What a verdict says beside, as options of the shell; what a project asks for, printed and changed. */

import { FacetError } from '#core/result.ts';
import { ASPECT_ANSWERS, type VerdictAttributes } from '#core/verdictAttributes.ts';
import { verdictAttributesSchema, verdictRulesSchema } from '#shared/verdictEntities.ts';
import { type OutputOptions, printResult } from './output.ts';
import { withProject } from './session.ts';

export interface AttributeOptions {
  readonly strength?: string;
  readonly confidence?: string;
  readonly rationale?: string;
  readonly flag?: string;
  /** `Helpful=a`. */
  readonly aspect?: readonly string[];
}

const bad = (message: string, fix: string): FacetError =>
  new FacetError({ code: 'cli.bad-attribute', message, fix });

function answerOf(given: string): readonly [string, string] {
  const [, name, answer] = /^(.+)=([^=]+)$/.exec(given) ?? [];
  if (name !== undefined && answer !== undefined) return [name.trim(), answer.trim()];
  throw bad(`${given} is no answer for an aspect`, `Give --aspect NAME=${ASPECT_ANSWERS.join('|')}.`);
}

export function attributesOf(options: AttributeOptions): VerdictAttributes {
  const { strength, confidence, rationale = null, flag = null, aspect = [] } = options;
  const found = verdictAttributesSchema.safeParse({
    strength: strength === undefined ? null : Number(strength),
    confidence: confidence === undefined ? null : Number(confidence),
    rationale,
    flag,
    aspects: Object.fromEntries(aspect.map(answerOf)),
  });
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw bad(
    `--${issue?.path[0] === 'aspects' ? 'aspect' : String(issue?.path[0])}: ${issue?.message}`,
    'Strength is a number above 0, confidence 1 to 5, an aspect NAME=a, b, tie or na.',
  );
}

interface RuleOptions extends OutputOptions {
  readonly project: string;
  readonly strength?: string;
  readonly confidence?: string;
  readonly rationale?: string;
  /** `Helpful` is asked, `Helpful!` required; a single empty one clears the list. */
  readonly aspect?: readonly string[];
}

export async function verdictRules(options: RuleOptions): Promise<void> {
  const { strength, confidence, rationale, aspect } = options;
  const rules = await withProject(options.project, false, async ({ services }) => {
    const before = services.project.current()?.settings.verdict;
    const named = (aspect ?? []).map((name) => name.trim()).filter((name) => name !== '');
    const aspects = named.map((name) => ({
      name: name.replace(/!$/, ''),
      description: before?.aspects.find((known) => known.name === name.replace(/!$/, ''))?.description ?? '',
      required: name.endsWith('!'),
    }));
    const changes = {
      ...(strength !== undefined && { strength }),
      ...(confidence !== undefined && { confidence }),
      ...(rationale !== undefined && { rationale }),
      ...(aspect !== undefined && { aspects }),
    };
    const parsed = verdictRulesSchema.safeParse({ ...before, ...changes });
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw bad(
        `--${String(issue?.path[0]).replace('aspects', 'aspect')}: ${issue?.message}`,
        '`facet label rules --help` lists what can be asked.',
      );
    }
    if (Object.keys(changes).length === 0) return parsed.data;
    return (await services.project.updateSettings({ verdict: parsed.data })).settings.verdict;
  });
  printResult(options, rules, () => [
    `strength: ${rules.strength}`,
    `confidence: ${rules.confidence}`,
    `rationale: ${rules.rationale}`,
    `aspects: ${rules.aspects.map(({ name, required }) => (required ? `${name}!` : name)).join(', ') || 'none'}`,
  ]);
}
