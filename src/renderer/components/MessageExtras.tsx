import type { Message } from '#core/preference.ts';
import css from './MessageExtras.module.css';

interface Called {
  readonly name: string;
  readonly text: string;
}

/** A call or a tool, however deep its name stands. */
function called(value: unknown): Called {
  const outer = value as { function?: unknown; name?: unknown; arguments?: unknown };
  const inner = (outer.function ?? outer) as { name?: unknown; arguments?: unknown };
  const args = inner.arguments;
  return {
    name: String(inner.name ?? '?'),
    text:
      args === undefined
        ? JSON.stringify(inner, null, 2)
        : typeof args === 'string'
          ? args
          : JSON.stringify(args),
  };
}

/** What stands before a message's text: who speaks, what was thought, which tools are on offer. */
export function MessageExtras({ message }: { readonly message: Message }) {
  const { name, tool_call_id: answers, tools } = message;
  const thought = message.thinking ?? message.reasoning_content ?? message.reasoning;
  if (!name && !thought && !answers && !tools) return null;
  return (
    <div className={css.extras}>
      {name !== undefined && <p>Name: {name}</p>}
      {answers !== undefined && <p>Answers call {answers}</p>}
      {tools !== undefined && (
        <details>
          <summary>Tools on offer: {tools.map((tool) => called(tool).name).join(', ')}</summary>
          <pre>{JSON.stringify(tools, null, 2)}</pre>
        </details>
      )}
      {thought !== undefined && (
        <details open>
          <summary>Thinking</summary>
          <pre>{thought}</pre>
        </details>
      )}
    </div>
  );
}

/** The tools that a message calls, after its text. */
export function MessageCalls({ message: { tool_calls: calls } }: { readonly message: Message }) {
  if (!calls) return null;
  return (
    <div className={css.extras}>
      <pre>
        {calls
          .map(called)
          .map(({ name, text }) => `Calls ${name}(${text})`)
          .join('\n')}
      </pre>
    </div>
  );
}
