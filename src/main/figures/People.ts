/** How each person labels, gathered one pair at a time. Pure. */
import { majority } from '#core/agreement.ts';
import { median } from '#core/statistics.ts';
import type { DataStatistics } from '#shared/dataEntities.ts';
import type { StandingRow } from '../data/exportRows.ts';
import { shareOf } from './Share.ts';

class Person {
  decided = 0;
  skipped = 0;
  left = { count: 0, of: 0 };
  likeOthers = { count: 0, of: 0 };
  readonly durations: number[] = [];
}

export class People {
  readonly #people = new Map<string, Person>();

  #of(name: string): Person {
    const known = this.#people.get(name) ?? new Person();
    this.#people.set(name, known);
    return known;
  }

  addDuration(name: string, ms: number): void {
    this.#of(name).durations.push(ms);
  }

  add(standing: readonly StandingRow[]): void {
    const rows = standing.filter(({ kind }) => kind === 'person');
    for (const row of rows) {
      const person = this.#of(row.annotator);
      if (row.decision === 'skip') {
        person.skipped += 1;
        continue;
      }
      person.decided += 1;
      if (row.decision !== 'a' && row.decision !== 'b') continue;
      if (row.left !== null) {
        person.left.of += 1;
        if (row.left === row.decision) person.left.count += 1;
      }
      const others = majority(rows.filter((other) => other !== row).map(({ decision }) => decision));
      if (others === null) continue;
      person.likeOthers.of += 1;
      if (others === row.decision) person.likeOthers.count += 1;
    }
  }

  /** Who decided most first. */
  list(): DataStatistics['people'] {
    return [...this.#people]
      .map(([name, { decided, skipped, durations, left, likeOthers }]) => ({
        ...{ name, decided, skipped },
        medianMs: durations.length === 0 ? null : median(durations),
        left: shareOf(left.count, left.of),
        likeOthers: shareOf(likeOthers.count, likeOthers.of),
      }))
      .sort((x, y) => y.decided - x.decided || (x.name < y.name ? -1 : 1));
  }
}
