/** What axe-core finds wrong on a page, by the rules of WCAG 2.2 A and AA. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { rootDir } from './facetWindow.ts';

const AXE = readFileSync(join(rootDir, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const GRAVE = new Set(['serious', 'critical']);

/**
 * What is left out: a name must hold the text that is seen, but key caps in a button are pictures of keys, which
 * `aria-keyshortcuts` says. axe-core itself calls this rule an experiment.
 */
const LEFT_OUT = { 'label-content-name-mismatch': { enabled: false } };

interface Browsed {
  readonly axe: { run(context: Document, options: object): Promise<AxeResults> };
}

/**
 * One line for each element that breaks a rule seriously or critically; none is what should be. `rules` are names of rules,
 * all of them unless some are given.
 */
export async function violations(page: Page, rules: readonly string[] | null = null): Promise<string[]> {
  await page.evaluate(AXE);
  // What fades in or slides would be looked at half-way; what a change of theme sets going begins some frames after it.
  await page.evaluate(async () => {
    for (let stillFrames = 0; stillFrames < 3; stillFrames++) {
      await new Promise(requestAnimationFrame);
      const moving = document.getAnimations();
      await Promise.all(moving.map(({ finished }) => finished.catch(() => null)));
      if (moving.length > 0) stillFrames = -1;
    }
  });
  const { violations: found } = await page.evaluate(
    (options) => (globalThis as unknown as Browsed).axe.run(document, options),
    {
      runOnly: rules === null ? { type: 'tag', values: RULES } : { type: 'rule', values: rules },
      ...(rules === null ? { rules: LEFT_OUT } : {}),
      resultTypes: ['violations'],
    },
  );
  return found
    .filter(({ impact }) => GRAVE.has(impact ?? ''))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => {
        const why = failureSummary?.split('\n').slice(1, 2).join('').trim();
        return `${id}: ${target.join(' ')} (${why})`;
      }),
    );
}
