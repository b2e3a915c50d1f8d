import type { Trace } from '../src/model/trace.ts';

export interface FormatTreeOptions {
  /** Names the service of each span. @default where the trace has several */
  services?: boolean;
}

/**
 * A trace as text, a span a line in depth-first order, for tests that say what a file comes to:
 *
 * ```
 * session 0–9000 ok
 *   llm_call 12–824.5 error service=model
 *   tool:search 900– unset [unfinished]
 * ```
 *
 * Name, start–end in milliseconds from the trace's start, status, service, and what the model marked.
 */
export function formatTree(trace: Trace, { services = trace.serviceNames.length > 1 }: FormatTreeOptions = {}): string {
  const lines = Array.from(trace, (span) => {
    const end = span.end === undefined ? '' : milliseconds(span.end);
    const service = services ? ` service=${span.serviceName}` : '';
    const issues = span.issues.length > 0 ? ` [${span.issues.join(', ')}]` : '';
    return `${'  '.repeat(span.depth)}${span.name} ${milliseconds(span.start)}–${end} ${span.status}${service}${issues}`;
  });
  return lines.join('\n');
}

function milliseconds(nanoseconds: number): string {
  return String(nanoseconds / 1e6);
}
