import { Component, type ReactNode } from 'react';

interface Props {
  /** What is drawn: another one is tried anew after a failure. */
  readonly of: unknown;
  readonly fallback: (error: unknown, retry: () => void) => ReactNode;
  readonly children: ReactNode;
}
interface State {
  readonly failure: { readonly error: unknown } | null;
  readonly of: unknown;
}

/** Keeps a defect in drawing one thing from taking what stands around it along. */
export class Boundary extends Component<Props, State> {
  override state: State = { failure: null, of: this.props.of };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps({ of }: Props, state: State): Partial<State> | null {
    return Object.is(of, state.of) ? null : { of, failure: null };
  }

  override render() {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return this.props.fallback(failure.error, () => this.setState({ failure: null }));
  }
}
