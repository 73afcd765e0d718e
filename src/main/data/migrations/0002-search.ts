/** Contentless: the texts stay in prompts and responses; `rowid` is the pair's id. */
export const search = `
CREATE VIRTUAL TABLE pairs_fts USING fts5 (
  prompt, a, b,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO pairs_fts (rowid, prompt, a, b)
SELECT pairs.id,
  (SELECT group_concat(json_extract(message.value, '$.content'), char(10))
   FROM json_each(prompts.messages) AS message),
  a.text, b.text
FROM pairs
JOIN prompts ON prompts.id = pairs.prompt_id
JOIN responses AS a ON a.id = pairs.a_id
JOIN responses AS b ON b.id = pairs.b_id;
`;
