/** Settings behind Advanced that say how a run is evaluated, and what it may hold in memory. */
import { BEST_BY, BEST_RULES } from '#core/bestCheckpoint.ts';
import { CHAT_TEMPLATE_NAMES, CHAT_TEMPLATES } from '#core/chatTemplates.ts';
import { capitalised } from '../../../format.ts';
import { type Field, trains } from './fields.ts';

export const EVALUATION: readonly Field[] = [
  {
    name: 'evaluateEvery',
    label: 'Evaluate every',
    unit: 'steps',
    help: 'Steps between evaluations on held-out pairs; 0 evaluates at the end only.',
  },
  {
    name: 'earlyStoppingPatience',
    label: 'Stop early after',
    unit: 'evaluations',
    help: 'Ends the run when so many evaluations in a row brought none better; 0 is off. The best checkpoint is kept.',
  },
  {
    name: 'bestBy',
    label: 'Best checkpoint',
    help: 'Which held-out figure makes one the best. A few dozen pairs are too few to tell steps apart by accuracy.',
    choices: BEST_BY.map((value) => ({ value, label: capitalised(BEST_RULES[value]) })),
  },
  {
    name: 'heldOutShare',
    label: 'Held out',
    unit: 'share of prompts, 0–0.9',
    help: 'Prompts, with all their pairs, that training never sees: accuracy is measured on these.',
  },
];

export const MEMORY: readonly Field[] = [
  {
    name: 'maxPromptTokens',
    label: 'Longest prompt',
    unit: 'tokens',
    help: 'Longer prompts lose their oldest tokens.',
  },
  {
    name: 'maxReplyTokens',
    label: 'Longest reply',
    unit: 'tokens',
    help: 'Longer replies are cut at the end; the end-of-turn token counts.',
  },
  {
    name: 'chatTemplate',
    label: 'Chat template',
    help: 'How dialogues are written for the model, in training, scores and replies, and stated in exports. Without one of its own they are written plainly.',
    choices: [
      { value: '', label: 'The model’s own' },
      ...CHAT_TEMPLATES.map((name) => ({ value: name, label: CHAT_TEMPLATE_NAMES[name] })),
    ],
    ownText: {
      label: 'Jinja of my own',
      begins:
        "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}",
    },
  },
  {
    name: 'weights',
    label: 'Frozen weights',
    help: 'Fewer bits than the model’s files have take less memory and round the base model; a GGUF file’s own blocks stay as they are.',
    choices: [
      { value: 'as-stored', label: 'As stored' },
      { value: '8bit', label: '8 bits' },
      { value: '4bit', label: '4 bits' },
    ],
    shown: trains('lora', 'heads'),
  },
  {
    name: 'recompute',
    label: 'Recompute activations',
    help: 'Computes each block again in the backward pass instead of keeping it: much less memory, about a third more time.',
    toggle: true,
    shown: trains('lora', 'full'),
  },
];
