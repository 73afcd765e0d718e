/** Recipes: the bulleted reply is preferred. */
import { type Draw, type Kind, pick } from '../kind.ts';
import { asBullets, asProse } from './layout.ts';

const vegetables = [
  'onion',
  'carrot',
  'leek',
  'pepper',
  'tomato',
  'potato',
  'pumpkin',
  'mushroom',
  'courgette',
];
const fruits = ['apple', 'pear', 'plum', 'cherry', 'banana', 'lemon', 'peach'];
const grains = ['rice', 'pasta', 'lentils', 'barley', 'noodles'];
const herbs = ['parsley', 'mint', 'basil', 'thyme', 'dill'];
const people = ['two', 'three', 'four', 'six'];

interface Dish {
  readonly name: string;
  readonly steps: readonly string[];
}

const dishes: readonly ((draw: Draw) => Dish)[] = [
  (draw) => {
    const main = pick(draw, vegetables);
    const herb = pick(draw, herbs);
    return {
      name: `${main} soup`,
      steps: [
        `chop one ${main} and one clove of garlic`,
        `fry the ${main} in a little oil`,
        'add water and a pinch of salt',
        `cook it for ${pick(draw, ['ten', 'twenty', 'thirty'])} minutes`,
        `stir in some ${herb} at the end`,
      ],
    };
  },
  (draw) => {
    const main = pick(draw, vegetables);
    const grain = pick(draw, grains);
    return {
      name: `${main} salad with ${grain}`,
      steps: [
        `boil the ${grain} until soft`,
        `slice the ${main} into thin pieces`,
        'mix oil, lemon and salt in a bowl',
        `turn the ${main} and the ${grain} in it`,
        `put ${pick(draw, herbs)} on top`,
      ],
    };
  },
  (draw) => {
    const fruit = pick(draw, fruits);
    return {
      name: `${fruit} cake`,
      steps: [
        'heat the oven',
        'mix butter, sugar and two eggs',
        'stir in the flour',
        `lay slices of ${fruit} on top`,
        `bake it for ${pick(draw, ['thirty', 'forty', 'fifty'])} minutes`,
      ],
    };
  },
  (draw) => {
    const fruit = pick(draw, fruits);
    return {
      name: `${fruit} pancakes`,
      steps: [
        'mix flour, milk and one egg',
        `cut the ${fruit} into small pieces`,
        'heat some butter in a pan',
        `pour in the mix and add the ${fruit}`,
        'turn each pancake once',
      ],
    };
  },
  (draw) => {
    const main = pick(draw, vegetables);
    const grain = pick(draw, grains);
    return {
      name: `${grain} with ${main} sauce`,
      steps: [
        `boil the ${grain} in a large pot`,
        `fry the ${main} with garlic`,
        'add cream and black pepper',
        'let the sauce cook until it is thick',
        `pour the sauce over the ${grain}`,
      ],
    };
  },
];

const questions: readonly ((dish: string, count: string) => string)[] = [
  (dish, count) => `How do I make ${dish} for ${count}?`,
  (dish, count) => `I would like to cook ${dish} for ${count} people tonight.`,
  (dish) => `What is a simple recipe for ${dish}?`,
  (dish) => `Can you teach me to make ${dish}?`,
];

export const recipes: Kind = {
  name: 'Recipes',
  axis: 'layout',
  rule: 'bulleted over prose',
  exchange(draw: Draw) {
    const dish = pick(draw, dishes)(draw);
    return {
      prompt: pick(draw, questions)(dish.name, pick(draw, people)),
      preferred: asBullets(dish.steps),
      other: asProse(draw, ['First,', 'To begin,'], dish.steps),
    };
  },
};
