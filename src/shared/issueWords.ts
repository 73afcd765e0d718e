/** The schema's findings as short sentences beside a field. */

interface Issue {
  readonly code?: string | undefined;
  readonly message: string;
  readonly minimum?: number | bigint | undefined;
  readonly maximum?: number | bigint | undefined;
  readonly inclusive?: boolean | undefined;
  readonly expected?: string | undefined;
}

/** Anything the schema may say beyond these keeps its own words. */
export function issueWords(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      return issue.inclusive === false
        ? `More than ${String(issue.minimum)}, please.`
        : `At least ${String(issue.minimum)}, please.`;
    case 'too_big':
      return issue.inclusive === false
        ? `Less than ${String(issue.maximum)}, please.`
        : `At most ${String(issue.maximum)}, please.`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'A whole number, please.' : 'A number, please, such as 0.05 or 5e-4.';
    default:
      return issue.message;
  }
}
