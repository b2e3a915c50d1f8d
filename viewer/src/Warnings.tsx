import { useEffect, useRef, useState } from 'react';
import type { ParseResult, ParseWarning } from 'spanscope';
import { type SpanPlace, spanAfter, spansOf } from './spansOfWarning.ts';

interface WarningsProps {
  result: ParseResult;
  onShow: (place: SpanPlace) => void;
}

/** What reading met, folded to a word in the bar until somebody wants to know, each with the way to its spans. */
export function Warnings({ result, onShow }: WarningsProps) {
  const { warnings, skipped } = result;
  /** By code, the span that was shown last, and which of them it is. */
  const [shown, setShown] = useState<Readonly<Record<string, { place: SpanPlace; number: number }>>>({});
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

  const showNext = (warning: ParseWarning) => {
    const last = shown[warning.code];
    const next = spanAfter(result.traces, warning, last?.place);
    if (!next) return;
    const number = next.isFirst ? 1 : (last?.number ?? 0) + 1;
    setShown({ ...shown, [warning.code]: { place: next.place, number } });
    onShow(next.place);
  };

  return (
    <details ref={details} className="viewer-warnings">
      <summary>
        {count === 1 ? '1 warning' : `${count} warnings`}
        {skipped > 0 && `, ${skipped.toLocaleString('en')} records not read`}
      </summary>
      <ul>
        {warnings.map((warning) => {
          const last = shown[warning.code];
          const spans = spansOf(result.traces, warning);
          return (
            <li key={warning.code}>
              <span dir="auto">{warning.message}</span>
              {spans !== 'none' && (
                <button type="button" className="viewer-button viewer-show" onClick={() => showNext(warning)}>
                  {labelOf(last?.number, spans === 'one')}
                  {last && spans === 'many' && (
                    <span className="viewer-show-count">{`${last.number.toLocaleString('en')} of ${warning.count.toLocaleString('en')}`}</span>
                  )}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function labelOf(shown: number | undefined, isOnly: boolean): string {
  if (isOnly) return 'Show the span';
  return shown === undefined ? 'Show the first' : 'Show the next';
}
