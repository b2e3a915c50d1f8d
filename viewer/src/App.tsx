import { type DragEvent, useEffect, useRef, useState } from 'react';
import { TraceView, useReadTrace, type ViewState } from 'spanscope';
import { samples } from '../../samples/index.ts';
import { type OpenedTraces, openFile, openInput } from './openedTraces.ts';
import type { SpanPlace } from './spansOfWarning.ts';
import { linkTo, useAddressedView } from './useAddressedView.ts';
import { useTheme } from './useTheme.ts';
import { Warnings } from './Warnings.tsx';

/** A page made of the public API alone: samples to look at, and the place where one drops one's own file. */
export function App() {
  const [sample, setSample] = useState<OpenedTraces>(() => openSample(sampleInAddress() ?? samples[0]!.id));
  const [file, setFile] = useState<File>();
  const reading = useReadTrace(file);
  // Who cancels goes back to what was open before.
  const isCancelled = reading.error?.name === 'AbortError';
  const opened = file && !isCancelled ? openFile(file, reading) : sample;
  const [traceId, setTraceId] = useState<string>();
  const [isDropTarget, setIsDropTarget] = useState(false);
  const fileInput = useRef<HTMLInputElement>(null);
  const [theme, nextTheme] = useTheme();
  const sampleId = samples.find((sample) => sample.title === opened.name)?.id ?? '';
  const [view, setView] = useAddressedView(sampleId);

  const open = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setTraceId(undefined);
    setView(undefined);
  };
  const show = ({ traceId, spanId }: SpanPlace) => {
    setTraceId(traceId);
    // Nothing folded away or filtered out: it is to be seen.
    setView({ selection: spanId });
  };

  useEffect(() => {
    document.title = `${opened.name} · spanscope`;
  }, [opened.name]);

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsDropTarget(false);
    open(event.dataTransfer.files[0]);
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
            setFile(undefined);
            setTraceId(undefined);
            setView(undefined);
            setSample(openSample(event.target.value));
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
            open(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <FileFacts opened={opened} />
        {opened.result && opened.result.warnings.length > 0 && (
          <Warnings key={opened.name} result={opened.result} onShow={show} />
        )}
        <button type="button" className="viewer-button viewer-theme" onClick={nextTheme}>
          {`Theme: ${theme}`}
        </button>
      </header>
      <div className="viewer-trace">
        <TraceView
          key={opened.name}
          trace={opened.input}
          {...(traceId !== undefined && { traceId })}
          {...(view && { viewState: view })}
          onTraceIdChange={(picked) => {
            setTraceId(picked);
            setView(undefined);
          }}
          onViewStateChange={setView}
          {...(sampleId !== '' && { linkToView: (state: ViewState) => linkTo(sampleId, state) })}
        />
      </div>
      {isDropTarget && (
        <div className="viewer-drop" aria-hidden="true">
          Drop a trace file to open it
        </div>
      )}
    </main>
  );
}

function FileFacts({ opened }: { opened: OpenedTraces }) {
  const { result } = opened;
  const spans = result?.traces.reduce((sum, trace) => sum + trace.spanCount, 0) ?? 0;
  return (
    <p className="viewer-facts" role="status">
      {opened.isReading
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
