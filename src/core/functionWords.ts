/** English words that carry grammar, not topic: left out of keywords, where they would crowd out what a code is about. */
const LIST = `a about after all also am an and any are as at be been being but by can could did do does doing done for
from had has have having he her hers him his how i if in into is it its itself just like made make makes making may me
might mine more most much must my no nor not of off on once one only or other our ours out over own please shall she
should so some such than that the their theirs them then there these they this those through to too under until up
us very was we were what when where which while who whom whose why will with would yes you your yours`;

export const FUNCTION_WORDS: ReadonlySet<string> = new Set(LIST.split(/\s+/));
