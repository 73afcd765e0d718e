/** Columns of a row that prefer different replies: which of them holds is for the person to say. Pure. */
import { NAMES } from '../fields.ts';
import type { Row } from '../Row.ts';
import { type RowVerdict, UnreadableRow } from '../types.ts';
import { asNumber, ranksOfTwo, scoresOfTwo, verdictOfRanks, verdictOfScores } from './scoresOfTwo.ts';
import { type Said, saidByFlags, saidByLoser } from './sides.ts';
import { type Marks, statementOf } from './verdictWords.ts';

const isSide = (verdict: RowVerdict): boolean => verdict === 'first' || verdict === 'second';
/** Both bad is a kind of tie. */
const isOther = (one: RowVerdict, another: RowVerdict): boolean =>
  one !== another && (isSide(one) || isSide(another));

/** Verdicts in words or numbers, beside the one that was read. */
function saidInColumns(row: Row, marks: Marks): Said[] {
  return NAMES.verdict.flatMap((name) => {
    const found = row.at(name);
    if (!found || row.isUsed(found.field)) return [];
    const stated = statementOf(found.value, marks);
    return stated ? [{ field: found.field, verdict: stated.verdict }] : [];
  });
}

/** Throws `UnreadableRow` where another column of the row says something else than `said`. */
export function refuseContradiction(row: Row, said: Said, marks: Marks): void {
  if (row.rules.map?.verdict !== undefined) return;
  const refuse = ({ field }: { readonly field: string }): never => {
    throw new UnreadableRow(
      field,
      `says something else than ${said.field}; say which of them is the verdict with --map verdict=${said.isFigure ? field : said.field}`,
    );
  };
  const flag = saidByFlags(row, marks);
  const isAgainst = ({ verdict, no }: Said): boolean =>
    no === 'of one' ? isSide(said.verdict) && verdict !== said.verdict : isOther(verdict, said.verdict);
  for (const one of [flag, saidByLoser(row, marks), ...saidInColumns(row, marks)])
    if (one && one.field !== said.field && !said.fields?.includes(one.field) && isAgainst(one)) refuse(one);
  const signed = row.at('preference_strength');
  if (signed && said.verdict === 'second' && (asNumber(signed) ?? 0) < 0) refuse(signed);
  if (!isSide(said.verdict)) return;
  const scores = scoresOfTwo(row, marks);
  if (scores && isSide(verdictOfScores(scores)) && verdictOfScores(scores) !== said.verdict)
    refuse({ field: scores.fields[0] });
  const ranks = ranksOfTwo(row, marks);
  if (ranks && isSide(verdictOfRanks(ranks)) && verdictOfRanks(ranks) !== said.verdict)
    refuse({ field: ranks.fields[0] });
}
