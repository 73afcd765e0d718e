/** Replies that are more than one text, with tool calls, thinking or several turns: their messages as JSON, else null. */
export const replyTurns = `
ALTER TABLE responses ADD COLUMN turns TEXT;
ALTER TABLE stored_singles ADD COLUMN turns TEXT;
`;
