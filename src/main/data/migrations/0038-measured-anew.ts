/** Lengths count characters, and the language is that of what was asked last: what was measured otherwise is measured again. */
export const measuredAnew = 'DELETE FROM text_facts;';
