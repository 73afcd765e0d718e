const names = new Intl.DisplayNames('en', { type: 'language' });

/** “German” for `de`: what is shown of a language, and what orders it. */
export const languageName = (code: string): string => names.of(code) ?? code;
