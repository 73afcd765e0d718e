/** The app's sign: four facets. */
export function Mark({ className }: { readonly className?: string | undefined }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <g transform="rotate(45 16 16)" fill="var(--accent)">
        <rect x="5" y="5" width="10" height="10" rx="3" />
        <rect x="17" y="5" width="10" height="10" rx="3" opacity=".65" />
        <rect x="5" y="17" width="10" height="10" rx="3" opacity=".4" />
        <rect x="17" y="17" width="10" height="10" rx="3" opacity=".85" />
      </g>
    </svg>
  );
}
