'use client';

import { messages } from './messages.ts';
import type { ReadTrace } from './useReadTrace.ts';

/** How far reading is, in bytes and spans, and a way to end it: what stands in a view's place until its trace is there. */
export function LoadingState({ reading }: { reading: ReadTrace }) {
  const texts = messages.loading;
  const { bytes = 0, totalBytes, spans = 0 } = reading.progress ?? {};
  const isAllRead = totalBytes !== undefined && bytes >= totalBytes;
  const share = totalBytes ? Math.min(1, bytes / totalBytes) : undefined;
  return (
    <div className="spanscope-loading">
      <p className="spanscope-loading-title" role="status">
        {isAllRead ? texts.ordering : texts.reading}
      </p>
      <progress
        className="spanscope-loading-bar"
        aria-label={texts.reading}
        {...(share === undefined || isAllRead ? {} : { value: share, max: 1 })}
      />
      <p className="spanscope-loading-facts">
        <span>{totalBytes === undefined ? size(bytes) : texts.bytesOf(size(bytes, totalBytes), size(totalBytes))}</span>
        <span>{messages.traceView.spans(spans)}</span>
      </p>
      <button type="button" className="spanscope-loading-cancel" onClick={reading.cancel}>
        {texts.cancel}
      </button>
    </div>
  );
}

/** In units of a thousand, as file managers show it; in the unit of `whole`, so that what grows towards it keeps its unit. */
function size(bytes: number, whole = bytes): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const unit = whole < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(whole) / 3));
  const value = bytes / 1000 ** unit;
  return `${value.toFixed(unit === 0 ? 0 : unit === 3 ? 2 : 1)} ${units[unit]}`;
}
