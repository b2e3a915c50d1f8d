import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { agentRun, large } from '../../samples/index.ts';
import { type TraceSource, TraceView, useReadTrace } from '../../src/index.ts';

const text = JSON.stringify(agentRun());
const encoder = new TextEncoder();

/** A stream that a test feeds; it tells when it was cancelled. */
function fed() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const state = { isCancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: () => {
      state.isCancelled = true;
    },
  });
  return {
    stream,
    state,
    feed: (part: string) => controller.enqueue(encoder.encode(part)),
    end: () => controller.close(),
  };
}

function Facts({ source }: { source: TraceSource | undefined }) {
  const { trace, traces, result, progress, error, cancel } = useReadTrace(source);
  return (
    <div>
      <output>
        {error
          ? `error ${error.name}`
          : trace
            ? `${trace.spanCount} spans of ${traces.length}, ${result?.format}`
            : `${progress ? progress.bytes : 'no'} bytes`}
      </output>
      <button type="button" onClick={cancel}>
        Stop
      </button>
    </div>
  );
}

const said = () => screen.getByRole('status').textContent;

describe('useReadTrace', () => {
  it('reads a source once mounted and gives the trace', async () => {
    render(<Facts source={new Blob([text])} />);
    expect(said()).toBe('no bytes');
    await waitFor(() => expect(said()).toBe('33 spans of 1, json'));
  });

  it('reads a stream once under StrictMode, and once for two components', async () => {
    const { stream, feed, end } = fed();
    render(
      <StrictMode>
        <Facts source={stream} />
        <TraceView trace={text} />
        <Facts source={stream} />
      </StrictMode>,
    );
    await act(async () => {
      feed(text);
      end();
    });
    await waitFor(() =>
      expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toEqual(
        expect.arrayContaining(['33 spans of 1, json', '33 spans of 1, json']),
      ),
    );
  });

  it('tells how far it is, and ends the source where the component goes', async () => {
    const { stream, state, feed } = fed();
    const { unmount } = render(<Facts source={stream} />);
    await act(async () => feed(text.slice(0, 1000)));
    await waitFor(() => expect(said()).toBe('1000 bytes'));
    unmount();
    await waitFor(() => expect(state.isCancelled).toBe(true));
  });

  it('ends the source where another is given', async () => {
    const { stream, state, feed } = fed();
    const { rerender } = render(<Facts source={stream} />);
    await act(async () => feed(text.slice(0, 1000)));
    rerender(<Facts source={new Blob([text])} />);
    await waitFor(() => expect(said()).toBe('33 spans of 1, json'));
    expect(state.isCancelled).toBe(true);
    rerender(<Facts source={undefined} />);
    expect(said()).toBe('no bytes');
  });

  it('ends by cancel, with an AbortError', async () => {
    const { stream, state, feed } = fed();
    render(<Facts source={stream} />);
    await act(async () => feed(text.slice(0, 1000)));
    await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(said()).toBe('error AbortError'));
    expect(state.isCancelled).toBe(true);
  });

  it('gives the error where there is no trace', async () => {
    render(<Facts source={new Blob(['nothing'])} />);
    await waitFor(() => expect(said()).toBe('error TraceFormatError'));
  });

  it('reads nothing on a server', () => {
    const { stream, state } = fed();
    expect(renderToString(<Facts source={stream} />)).toContain('no bytes');
    expect(stream.locked).toBe(false);
    expect(state.isCancelled).toBe(false);
  });
});

describe('TraceView with what useReadTrace gives', () => {
  function View({ source }: { source: TraceSource }) {
    return <TraceView trace={useReadTrace(source)} />;
  }

  it('shows how far reading is with a way to cancel, then the trace', async () => {
    const { stream, feed, end } = fed();
    render(<View source={stream} />);
    await act(async () => feed(text.slice(0, 2000)));
    await waitFor(() => expect(screen.getByText('2.0 kB')).toBeTruthy());
    expect(screen.getByRole('progressbar', { name: 'Reading the trace' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeTruthy();
    await act(async () => {
      feed(text.slice(2000));
      end();
    });
    await waitFor(() => expect(screen.getByRole('row', { name: /agent_run/ })).toBeTruthy());
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('says that it was cancelled', async () => {
    const { stream, feed } = fed();
    render(<View source={stream} />);
    await act(async () => feed(text.slice(0, 2000)));
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.getByText('Reading was cancelled')).toBeTruthy());
  });

  it('says in place what cannot be read', async () => {
    render(<View source={new Blob(['<html></html>'])} />);
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/This trace cannot be read.*HTML/));
  });
});

describe('a long text given to a view', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is warned of in a development build, with the name of what reads it off the main thread', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const long = JSON.stringify(large({ spans: 15_000, format: 'json' }));
    expect(long.length).toBeGreaterThan(5_000_000);
    const { rerender } = render(<TraceView trace={long} />);
    rerender(<TraceView trace={long} className="again" />);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/5\.\d MB.*useReadTrace/);
    rerender(<TraceView trace={encoder.encode(text)} />);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
