import { type DragEvent, useCallback, useEffect, useRef, useState } from 'react';
import { type CollapsedSpans, TraceView } from 'spanscope';
import { samples } from '../../samples/index.ts';
import { type OpenedTraces, openFile, openInput } from './openFile.ts';
import type { SpanPlace } from './spansOfWarning.ts';
import { useTheme } from './useTheme.ts';
import { Warnings } from './Warnings.tsx';

const nothingCollapsed: CollapsedSpans = new Set();

/** A page made of the public API alone: samples to look at, and the place where one drops one's own file. */
export function App() {
  const [opened, setOpenedAlone] = useState<OpenedTraces>(() => openSample(sampleInAddress() ?? samples[0]!.id));
  const [traceId, setTraceId] = useState<string>();
  const [selectedSpanId, setSelectedSpanId] = useState<string | null>(null);
  const [collapsedSpanIds, setCollapsedSpanIds] = useState<CollapsedSpans>(nothingCollapsed);
  const [isReading, setIsReading] = useState(false);
  const [isDropTarget, setIsDropTarget] = useState(false);
  const fileInput = useRef<HTMLInputElement>(null);
  const [theme, nextTheme] = useTheme();
  const sampleId = samples.find((sample) => sample.title === opened.name)?.id ?? '';

  const setOpened = useCallback((next: OpenedTraces) => {
    setOpenedAlone(next);
    setTraceId(undefined);
    setSelectedSpanId(null);
    setCollapsedSpanIds(nothingCollapsed);
  }, []);
  const show = (place: SpanPlace) => {
    setTraceId(place.traceId);
    // Also where it was folded away.
    setCollapsedSpanIds(nothingCollapsed);
    setSelectedSpanId(place.spanId);
  };

  const open = useCallback(
    async (file: File | undefined) => {
      if (!file) return;
      setIsReading(true);
      // One frame, so that the page says what it does before reading keeps it busy.
      await new Promise((resolve) => setTimeout(resolve, 30));
      setOpened(await openFile(file));
      setIsReading(false);
    },
    [setOpened],
  );

  useEffect(() => {
    document.title = `${opened.name} · spanscope`;
  }, [opened.name]);

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsDropTarget(false);
    void open(event.dataTransfer.files[0]);
  };
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setIsDropTarget(true);
  };
  const onDragLeave = (event: DragEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsDropTarget(false);
  };

  return (
    <main className="viewer" onDrop={onDrop} onDragOver={onDragOver} onDragLeave={onDragLeave}>
      <header className="viewer-bar">
        <h1 className="viewer-brand">spanscope</h1>
        <select
          className="viewer-samples"
          aria-label="Sample traces"
          value={sampleId}
          onChange={(event) => {
            setOpened(openSample(event.target.value));
            history.replaceState(null, '', `?sample=${encodeURIComponent(event.target.value)}`);
          }}
        >
          {sampleId === '' && <option value="">{opened.name}</option>}
          {samples.map((sample) => (
            <option key={sample.id} value={sample.id}>
              {sample.title}
            </option>
          ))}
        </select>
        <button type="button" className="viewer-button" onClick={() => fileInput.current?.click()}>
          Open file…
        </button>
        <input
          ref={fileInput}
          type="file"
          hidden
          aria-label="Trace file"
          onChange={(event) => {
            void open(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <FileFacts opened={opened} isReading={isReading} />
        {opened.result && opened.result.warnings.length > 0 && (
          <Warnings key={opened.name} result={opened.result} onShow={show} />
        )}
        <button type="button" className="viewer-button viewer-theme" onClick={nextTheme}>
          {`Theme: ${theme}`}
        </button>
      </header>
      <div className="viewer-trace">
        {opened.fileError ? (
          <p className="viewer-file-error" role="alert">
            {opened.fileError}
          </p>
        ) : (
          <TraceView
            key={opened.name}
            trace={opened.result ?? opened.input}
            {...(traceId === undefined ? {} : { traceId })}
            onTraceIdChange={(id) => {
              setTraceId(id);
              setSelectedSpanId(null);
            }}
            selectedSpanId={selectedSpanId}
            onSelectedSpanIdChange={setSelectedSpanId}
            collapsedSpanIds={collapsedSpanIds}
            onCollapsedSpanIdsChange={setCollapsedSpanIds}
          />
        )}
      </div>
      {isDropTarget && (
        <div className="viewer-drop" aria-hidden="true">
          Drop a trace file to open it
        </div>
      )}
    </main>
  );
}

function FileFacts({ opened, isReading }: { opened: OpenedTraces; isReading: boolean }) {
  const { result } = opened;
  const spans = result?.traces.reduce((sum, trace) => sum + trace.spanCount, 0) ?? 0;
  return (
    <p className="viewer-facts" role="status">
      {isReading
        ? 'Reading…'
        : result
          ? `${result.format} · ${counted(result.traces.length, 'trace')} · ${counted(spans, 'span')}`
          : 'not readable'}
    </p>
  );
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function openSample(id: string): OpenedTraces {
  const sample = samples.find((each) => each.id === id) ?? samples[0]!;
  return openInput(sample.title, sample.load());
}

function sampleInAddress(): string | null {
  return new URLSearchParams(location.search).get('sample');
}
