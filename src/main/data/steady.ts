/**
 * A bound number in a query that is asked again and again. SQLite plans a query anew for each value of a parameter that it
 * may plan by (a bare `LIMIT ?`, or `id = ?` in a join), which takes longer than to answer it; of a sum it takes none.
 */
export const steady = (parameter: `?` | `@${string}`): string => `${parameter} + 0`;
