/**
 * The assignment of rows to columns with the greatest sum (Kuhn 1955, by shortest augmenting paths with potentials,
 * Jonker & Volgenant 1987). `values`: rows × columns. Gives each row's column; null for rows that are left over.
 */
export function bestAssignment(values: ArrayLike<number>, rows: number, columns: number): (number | null)[] {
  if (rows > columns) {
    const turned = Float64Array.from(
      { length: rows * columns },
      (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] as number,
    );
    const byColumn = bestAssignment(turned, columns, rows);
    const byRow = new Array<number | null>(rows).fill(null);
    for (const [column, row] of byColumn.entries()) if (row !== null) byRow[row] = column;
    return byRow;
  }
  // Places are counted from 1: row 0 is the one for which a path is sought, column 0 where it begins.
  const ofRow = new Float64Array(rows + 1);
  const ofColumn = new Float64Array(columns + 1);
  const rowAt = new Int32Array(columns + 1);
  const before = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    rowAt[0] = row;
    let column = 0;
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const seen = new Uint8Array(columns + 1);
    do {
      seen[column] = 1;
      const from = rowAt[column] as number;
      let step = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let to = 1; to <= columns; to++) {
        if (seen[to] === 1) continue;
        const cost =
          -(values[(from - 1) * columns + to - 1] as number) -
          (ofRow[from] as number) -
          (ofColumn[to] as number);
        if (cost < (least[to] as number)) {
          least[to] = cost;
          before[to] = column;
        }
        if ((least[to] as number) < step) {
          step = least[to] as number;
          next = to;
        }
      }
      for (let to = 0; to <= columns; to++) {
        if (seen[to] === 1) {
          const at = rowAt[to] as number;
          ofRow[at] = (ofRow[at] as number) + step;
          ofColumn[to] = (ofColumn[to] as number) - step;
        } else least[to] = (least[to] as number) - step;
      }
      column = next;
    } while (rowAt[column] !== 0);
    while (column !== 0) {
      const from = before[column] as number;
      rowAt[column] = rowAt[from] as number;
      column = from;
    }
  }
  const assigned = new Array<number | null>(rows).fill(null);
  for (let to = 1; to <= columns; to++) if (rowAt[to] !== 0) assigned[(rowAt[to] as number) - 1] = to - 1;
  return assigned;
}
