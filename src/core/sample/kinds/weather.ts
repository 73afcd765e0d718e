/** Weather reports: the short reply is preferred. */
import { chance, type Draw, type Kind, pick, pickSome, sentences } from '../kind.ts';

const towns = [
  'Harwick',
  'Linden Bay',
  'Oakmoor',
  'Port Ellery',
  'Saltbridge',
  'Westmere',
  'Fernhill',
  'Stonecross',
  'Maple Ridge',
  'Eastwater',
];
const times = [
  'today',
  'tomorrow',
  'on Monday',
  'on Friday',
  'this weekend',
  'tonight',
  'on Sunday',
  'this evening',
];
const skies: readonly { readonly sky: string; readonly more: readonly string[] }[] = [
  { sky: 'rain', more: ['The rain will be heavy near the hills.', 'The roads may be wet and slow.'] },
  { sky: 'sun', more: ['There will be hardly a cloud in the sky.', 'The light will be strong at noon.'] },
  { sky: 'snow', more: ['The snow will stay on the ground.', 'The paths may be covered with ice.'] },
  { sky: 'fog', more: ['The fog will lie over the river.', 'It will be hard to see far in the fog.'] },
  { sky: 'wind', more: ['The wind will blow from the west.', 'The waves will be high near the coast.'] },
  { sky: 'clouds', more: ['The clouds will be low and grey.', 'A few drops may fall in the afternoon.'] },
];
const later = [
  'The evening will be calm.',
  'The night will be cooler than the day.',
  'The air will be fresh in the morning.',
  'The next day will be much the same.',
];

const questions: readonly ((town: string, time: string) => string)[] = [
  (town, time) => `What will the weather be like in ${town} ${time}?`,
  (town, time) => `What is the forecast for ${town} ${time}?`,
  (town, time) => `How warm will it be in ${town} ${time}?`,
  (town, time) => `Will it rain in ${town} ${time}?`,
];

export const weather: Kind = {
  name: 'Weather',
  axis: 'length',
  rule: 'short over long',
  exchange(draw: Draw) {
    const town = pick(draw, towns);
    const time = pick(draw, times);
    const { sky, more } = pick(draw, skies);
    const degrees = sky === 'snow' ? Math.floor(draw() * 4) : 6 + Math.floor(draw() * 20);
    const report = pick(draw, [
      `There will be ${sky} in ${town} ${time}, with ${degrees} degrees.`,
      `Expect ${sky} in ${town} ${time} and ${degrees} degrees.`,
    ]);
    return {
      prompt: pick(draw, questions)(town, time),
      preferred: report,
      other: sentences(
        report,
        pick(draw, more),
        ...pickSome(draw, later, 2),
        chance(draw, 0.5) ? `People in ${town} should plan the day with care.` : null,
      ),
    };
  },
};
