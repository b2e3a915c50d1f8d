import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

/** That spans are left out, how many, and the way back. */
export function HiddenNote() {
  const { rows, arrangement, arrange } = useTraceViewContext();
  if (!arrangement.withoutNoise || !rows || rows.hiddenCount === 0) return null;
  const texts = messages.traceView;
  return (
    <p className="spanscope-hidden-note" role="note">
      {texts.hiddenSpans(rows.hiddenCount)}{' '}
      <button type="button" className="spanscope-quiet-button" onClick={() => arrange({ withoutNoise: false })}>
        {texts.showHidden}
      </button>
    </p>
  );
}
