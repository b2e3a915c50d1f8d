import { useEffect, useRef } from 'react';
import type { ParseResult } from 'spanscope';

/** What reading met, folded to a word in the bar until somebody wants to know. */
export function Warnings({ result }: { result: ParseResult }) {
  const { warnings, skipped } = result;
  const count = warnings.length;
  const details = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const close = (event: Event) => {
      const element = details.current;
      if (!element?.open) return;
      const isEscape = event instanceof KeyboardEvent && event.key === 'Escape';
      const isOutside = event.type === 'pointerdown' && !element.contains(event.target as Node);
      if (!isEscape && !isOutside) return;
      if (isEscape && element.contains(document.activeElement)) element.querySelector('summary')?.focus();
      element.open = false;
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, []);

  return (
    <details ref={details} className="viewer-warnings">
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
