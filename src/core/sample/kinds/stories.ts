/** Bedtime stories: prose is preferred over a list of events. */
import { type Draw, type Kind, pick, pickSome, withArticle } from '../kind.ts';
import { asBullets, asProse } from './layout.ts';

const natures = ['brave', 'shy', 'clever', 'tired', 'kind', 'curious', 'small', 'lonely', 'old', 'proud'];
const heroes = [
  'fox',
  'owl',
  'rabbit',
  'bear',
  'mouse',
  'hedgehog',
  'duck',
  'cat',
  'goat',
  'otter',
  'squirrel',
];
const places = [
  'by the river',
  'in the deep forest',
  'on a quiet farm',
  'under an oak tree',
  'near the sea',
  'on a snowy hill',
];
const losses = ['golden key', 'warm scarf', 'little boat', 'silver bell', 'red kite', 'jar of honey'];
const helpers = [
  'a wise crow',
  'a friendly snail',
  'a sleepy badger',
  'the moon',
  'an old frog',
  'a young deer',
];

const questions: readonly ((nature: string, hero: string, place: string) => string)[] = [
  (nature, hero) => `Tell me a bedtime story about ${withArticle(nature)} ${hero}.`,
  (nature, hero, place) => `Tell me a story about ${withArticle(nature)} ${hero} ${place}.`,
  (nature, hero) => `Please tell a short story with ${withArticle(nature)} ${hero} in it.`,
  (_nature, hero, place) => `I cannot sleep. Is there a story about ${withArticle(hero)} ${place}?`,
];

export const stories: Kind = {
  name: 'Bedtime stories',
  axis: 'layout',
  rule: 'prose over bulleted',
  exchange(draw: Draw) {
    const nature = pick(draw, natures);
    const hero = pick(draw, heroes);
    const place = pick(draw, places);
    const loss = pick(draw, losses);
    const helper = pick(draw, helpers);
    const events = [
      `${withArticle(nature)} ${hero} lived ${place}`,
      `the ${hero} lost a ${loss} in the dark`,
      `${helper} came to help the ${hero}`,
      ...pickSome(
        draw,
        [
          'they looked until the stars came out',
          `they found the ${loss} under a stone`,
          `the ${hero} was not afraid any more`,
          'they shared a cake and sang a song',
        ],
        1,
      ),
      `the ${hero} went home and fell asleep`,
    ];
    const told = [...events.slice(0, 2), ...pickSome(draw, events.slice(2), 2)];
    return {
      prompt: pick(draw, questions)(nature, hero, place),
      preferred: asProse(draw, ['Once,', 'Long ago,', 'One winter,'], told),
      other: asBullets(told),
    };
  },
};
