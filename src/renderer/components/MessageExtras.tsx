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

/** What a message holds beside its text: who speaks, what was thought, which tools are on offer or called. */
export function MessageExtras({ message }: { readonly message: Message }) {
  const { name, tool_calls: calls, tool_call_id: answers, tools } = message;
  const thought = message.thinking ?? message.reasoning_content ?? message.reasoning;
  if (!name && !thought && !calls && !answers && !tools) return null;
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
      {calls !== undefined && (
        <pre>
          {calls
            .map(called)
            .map(({ name: tool, text }) => `Calls ${tool}(${text})`)
            .join('\n')}
        </pre>
      )}
    </div>
  );
}
