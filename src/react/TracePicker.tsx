import { useId } from 'react';
import { formatDuration } from '../layout/duration.ts';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

/** Which of a file's traces is shown. */
export function TracePicker({ onPick }: { onPick: (traceId: string) => void }) {
  const { source, trace } = useTraceViewContext();
  const id = useId();
  return (
    <div className="spanscope-trace-picker">
      <label htmlFor={id}>{messages.traceView.tracesInFile(source.traces.length)}</label>
      <select id={id} value={trace?.traceId ?? ''} onChange={(event) => onPick(event.target.value)}>
        {source.traces.map((each) => (
          <option key={each.traceId} value={each.traceId}>
            {`${each.roots.at(0)?.name ?? each.traceId} · ${messages.traceView.spans(each.spanCount)} · ${formatDuration(each.duration)}`}
          </option>
        ))}
      </select>
    </div>
  );
}
