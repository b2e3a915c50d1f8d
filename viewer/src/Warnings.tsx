import type { ParseResult } from 'spanscope';

/** What reading met, folded to one line until somebody wants to know. */
export function Warnings({ result }: { result: ParseResult }) {
  const { warnings, skipped } = result;
  const count = warnings.length;
  return (
    <details className="viewer-warnings">
      <summary>
        {count === 1 ? '1 warning' : `${count} warnings`}
        {skipped > 0 && `, ${skipped.toLocaleString('en')} records not read`}
      </summary>
      <ul>
        {warnings.map((warning) => (
          <li key={`${warning.code} ${warning.traceId ?? ''}`}>{warning.message}</li>
        ))}
      </ul>
    </details>
  );
}
