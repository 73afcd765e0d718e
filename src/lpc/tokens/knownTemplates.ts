/** Chat templates by name, in Jinja, as models of the name were tuned with: for models that bring none. */
import { type ChatTemplateName, isChatTemplateName } from '#core/chatTemplates.ts';

const CHATML = `{%- for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{%- endif %}`;

const LLAMA3 = `{{- bos_token }}{%- for message in messages %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}`;

// Gemma has no system turn: what it would say begins the first turn of the user.
const GEMMA = `{{- bos_token }}{%- set first = '' %}{%- if messages[0]['role'] == 'system' %}{%- set first = messages[0]['content'] | trim + '\\n\\n' %}{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}{%- for message in loop_messages %}{%- set role = 'model' if message['role'] == 'assistant' else message['role'] %}{{- '<start_of_turn>' + role + '\\n' + (first if loop.first else '') + message['content'] | trim + '<end_of_turn>\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<start_of_turn>model\\n' }}{%- endif %}`;

const ZEPHYR = `{%- for message in messages %}{{- '<|' + message['role'] + '|>\\n' + message['content'] + eos_token + '\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{%- endif %}`;

/** For exports: what Facet itself writes without a template. */
const PLAIN = `{%- for message in messages %}{%- if message['role'] == 'user' %}{{- 'User: ' }}{%- elif message['role'] == 'assistant' %}{{- 'Assistant: ' }}{%- elif message['role'] == 'tool' %}{{- 'Tool: ' }}{%- endif %}{{- message['content'] | trim + '\\n\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{- 'Assistant:' }}{%- endif %}`;

const KNOWN: Readonly<Record<ChatTemplateName, string>> = {
  chatml: CHATML,
  llama3: LLAMA3,
  gemma: GEMMA,
  zephyr: ZEPHYR,
  plain: PLAIN,
};

/** The Jinja of a run's choice: of a name, or the text that it is. */
export const templateSource = (choice: string): string =>
  isChatTemplateName(choice) ? KNOWN[choice] : choice;
