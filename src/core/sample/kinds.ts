/** The kinds of the sample world: four axes, each preferred one way by one kind and the other way by another. */
import type { Kind } from './kind.ts';
import { childQuestions } from './kinds/children.ts';
import { health } from './kinds/health.ts';
import { measures } from './kinds/measures.ts';
import { recipes } from './kinds/recipes.ts';
import { shell } from './kinds/shell.ts';
import { stories } from './kinds/stories.ts';
import { support } from './kinds/support.ts';
import { weather } from './kinds/weather.ts';

export const KINDS: readonly Kind[] = [
  support,
  shell,
  recipes,
  stories,
  weather,
  childQuestions,
  health,
  measures,
];
