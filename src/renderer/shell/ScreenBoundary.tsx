import { Component, type ReactNode } from 'react';
import { failureOf } from '../api/failureOf.ts';
import { FailureCard } from '../components/FailureCard.tsx';

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

/** Keeps one screen's defect from blanking the page: says what broke and offers to draw it again. */
export class ScreenBoundary extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    const failure = failureOf(this.state.error);
    return (
      <div style={{ padding: 'var(--s5)' }}>
        <FailureCard
          failure={{
            code: 'screen.broken',
            message: `${this.props.name} could not be drawn: ${failure.message}`,
            fix: 'What was saved is safe. Draw it again, or restart Facet if it happens again.',
          }}
          retryLabel="Draw again"
          onRetry={() => this.setState({ error: null })}
        />
      </div>
    );
  }
}
