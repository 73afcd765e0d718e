/** How much of a text is looked at. */
const LOOKED_AT = 160;

/** Tells languages as ISO 639-1 codes; '' where a text is too short or too mixed to tell. Its tables take a second to load. */
export async function languageTeller(): Promise<(text: string) => string> {
  const { eld } = await import('eld/small');
  return (text) => {
    const { language, isReliable } = eld.detect(text.slice(0, LOOKED_AT));
    return isReliable() ? language : '';
  };
}
