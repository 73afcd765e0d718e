/** Names under which tools keep the parts of a row. Compared without regard to case, `-`, `_` and spaces. */
const words = (text: string): readonly string[] => text.split(' ');
export const NAMES = {
  prompt: words(
    'orig_instruction prompt instruction question query user_prompt user_input input post task questions q',
  ),
  text: words('text displayed_text problem info.post info.article'),
  messages: words(
    'messages conversations conversation dialogue turns prompt_messages context_messages chat trajectory contents',
  ),
  system: words('system system_prompt system_message systemprompt'),
  history: words('history'),
  context: words('context passage document reference_text background'),
  chosen: words(
    'chosen chosen_messages chosen_message chosen_conversations chosen_conversation chosen_response chosen_output response_j preferred preferred_output preferred_response accepted better_response positive pos_response chosen_text chosen_answer chosen_completion chosen_reply preferred_completion preferred_answer win_response winner_response winning_response good_response response_good',
  ),
  rejected: words(
    'rejected rejected_messages rejected_message rejected_conversations rejected_conversation rejected_response rejected_output response_k dispreferred non_preferred_output dispreferred_response worse_response negative neg_response rejected_text rejected_answer rejected_completion rejected_reply dispreferred_completion dispreferred_answer lose_response loser_response losing_response bad_response response_bad',
  ),
  verdict: words(
    'winner label preference choice verdict preferred_id selected better_response_id labels chosen preferred preferred_response judgement judgment human_preference answer_choice overall_preference orig_preference human_label human_choice gold_label user_preference selected_response majority_vote better best pref human_pref annotator_preference user_choice annotator_choice picked vote prefer winning_response winner_response winner_model winning_model human_verdict judge_verdict',
  ),
  strength: words('strength preference_strength verdict_strength'),
  aspect: words('aspect criterion dimension'),
  annotator: words(
    'annotator annotator_id annotator_name annotator_ids annotator_index judge labeler labeller rater worker worker_id user_id completed_by evaluator reviewer username',
  ),
  id: words(
    'id row_id item_id example_id uid uuid pair_id comparison_id record_id question_id idx external_id instance_id sample_id _id',
  ),
  source: words('source'),
  tools: words('tools functions available_tools'),
  media: words(
    'images image audios audio videos video image_path image_url pixel_values rejected_images rejected_audios rejected_videos',
  ),
} as const;

/** Of names that came up: a file of a million rows asks for the same few. */
const plainNames = new Map<string, string>();
const MOST_NAMES = 5000;

export function plainName(name: string): string {
  const before = plainNames.get(name);
  if (before !== undefined) return before;
  const plain = name.toLowerCase().replace(/[\s_-]+/g, '');
  if (plainNames.size < MOST_NAMES) plainNames.set(name, plain);
  return plain;
}
const known = new Set(Object.values(NAMES).flat().map(plainName));
/** `response_a`, `output 2`, `human_ref_B`: what kind of text, and which. */
const REPLY_NAME =
  /^(?:orig[ _-])?(?:model[ _-]?)?(responses?|outputs?|answers?|completions?|reply|candidates?|generations?|text|option|summary|assistant|conversation|human[ _-]?ref|predictions?|model[ _-]?output|response[ _-]?text)[ _-]?(?:model[ _-]?)?([a-h]|\d{1,2})(?:[ _-]?(?:response|text))?$/i;

export interface ReplyName {
  readonly name: string;
  readonly stem: string;
  readonly mark: string;
}
export function replyName(name: string): ReplyName | null {
  const found = REPLY_NAME.exec(name);
  return found
    ? {
        name,
        stem: plainName(found[1] as string).replace(/s$/, ''),
        mark: (found[2] as string).toLowerCase(),
      }
    : null;
}
export const isKnownField = (name: string): boolean =>
  known.has(plainName(name)) ||
  replyName(name) !== null ||
  ['responses', 'completions', 'completion'].includes(plainName(name));
