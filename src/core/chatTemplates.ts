/** Chat templates that a person may choose where a model brings none, or another than it brings. */

/** `plain` writes `User:` and `Assistant:` before turns; the others are those that models of the name were tuned with. */
export const CHAT_TEMPLATES = ['chatml', 'llama3', 'gemma', 'zephyr', 'plain'] as const;
export type ChatTemplateName = (typeof CHAT_TEMPLATES)[number];

export const CHAT_TEMPLATE_NAMES: Readonly<Record<ChatTemplateName, string>> = {
  chatml: 'ChatML (Qwen, SmolLM)',
  llama3: 'Llama 3',
  gemma: 'Gemma',
  zephyr: 'Zephyr',
  plain: 'Plain: “User:”, “Assistant:”',
};

export const isChatTemplateName = (text: string): text is ChatTemplateName =>
  (CHAT_TEMPLATES as readonly string[]).includes(text);

/** Longest template that a run keeps with its settings; those of models take up to 20,000 characters. */
export const MOST_TEMPLATE_CHARACTERS = 65_536;

/** A template's own text names its variables in double braces or has statements. */
export const isTemplateText = (text: string): boolean => /\{[{%]/.test(text);
