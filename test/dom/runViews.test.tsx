import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { agentRun, errorRun, large, messyRun, researchOtlp, services } from '../../samples/index.ts';
import { ContextGrowth, IterationTable, RunSummary, TraceView, Transcript, Waterfall } from '../../src/index.ts';
import { detailedTrace } from '../detailedTrace.ts';

const rows = () => screen.getAllByRole('row').filter((row) => row.dataset.spanId);
const rowOf = (name: RegExp) => rows().find((row) => name.test(row.textContent ?? ''))!;
const numbers = () => screen.getByRole('list', { name: 'The trace in numbers' });

describe('the summary of a run', () => {
  it('tells the outcome, what it was for, time, spans, tokens, cost and iterations', () => {
    render(<RunSummary trace={agentRun()} />);
    expect(screen.getByText('Done')).toBeInTheDocument();
    expect(screen.getByText(/Find the cheapest direct flight/)).toBeInTheDocument();
    expect(numbers()).toHaveTextContent(/s33 spans5\.53k tokens\$0\.0145 iterations/);
  });

  it('tells which step failed, why, where, and leads there', async () => {
    const user = userEvent.setup();
    const onSelect = vi.fn();
    render(<RunSummary trace={errorRun()} onSelectedSpanIdChange={onSelect} />);
    const cause = screen.getByRole('button', {
      name: /Cause: tool:fare_rules TimeoutError: .*did not answer in 2.0 s/,
    });
    expect(screen.getByText('in iteration 2')).toBeInTheDocument();
    expect(screen.getByTitle('1 thing went wrong; the other spans failed by it')).toHaveTextContent('3 errors');
    await user.click(cause);
    const failed = errorRun().spans.find((span) => span.name === 'tool:fare_rules' && span.status === 'error')!;
    expect(onSelect).toHaveBeenCalledWith(failed.span_id, expect.objectContaining({ reason: 'link' }));
  });

  it('shares out the time as one bar, and says the same in words', () => {
    render(<RunSummary trace={agentRun()} />);
    const shares = screen.getByRole('group', { name: 'Where the time went' });
    expect(shares).toHaveTextContent(/LLM 7\d %.*tools 2\d %/);
    expect(shares.querySelectorAll('rect').length).toBeGreaterThan(1);
  });

  it('says what it inferred, and what was estimated', () => {
    render(<RunSummary trace={researchOtlp()} />);
    expect(screen.getByTitle(/^Inferred/)).toHaveTextContent(/≈ 4 iterations/);
  });

  it('estimates cost by the caller’s prices alone, and says so', () => {
    const attributes = { 'llm.model': 'm', 'llm.prompt_tokens': 1_000_000, 'llm.completion_tokens': 0 };
    const trace = detailedTrace([{ id: 'llm', name: 'llm_call', details: { attributes } }]);
    const { unmount } = render(<RunSummary trace={trace} />);
    expect(numbers()).not.toHaveTextContent(/\$/);
    unmount();
    render(<RunSummary trace={trace} prices={{ m: { input: 2, output: 8 } }} />);
    expect(screen.getByTitle(/^Estimated/)).toHaveTextContent('≈ $2.00');
  });

  it('tells on demand how sums came about where spans speak for others, and leads to these', async () => {
    const user = userEvent.setup();
    const onSelect = vi.fn();
    const usage = (tokens: number) => ({
      attributes: { 'gen_ai.usage.input_tokens': tokens, 'gen_ai.usage.output_tokens': 0 },
    });
    const step = (id: string, parent: string | undefined, name: string, tokens?: number) => ({
      id,
      name,
      ...(parent === undefined ? {} : { parent }),
      ...(tokens === undefined ? {} : { details: usage(tokens) }),
    });
    const trace = detailedTrace([
      step('session', undefined, 'session'),
      step('same', 'session', 'agent_run', 2100),
      step('a', 'same', 'llm_call', 2000),
      step('b', 'same', 'llm_call', 100),
      step('more', 'session', 'agent_run', 900),
      step('c', 'more', 'llm_call', 500),
      step('less', 'session', 'agent_run', 10),
      step('d', 'less', 'llm_call', 30),
      step('call', 'session', 'llm_call', 7),
      step('tool', 'call', 'tool:ask'),
      step('inner', 'tool', 'llm_call', 5),
    ]);
    render(<RunSummary trace={trace} onSelectedSpanIdChange={onSelect} />);
    expect(numbers()).toHaveTextContent(/3.04k tokens/);
    const fold = screen.getByRole('button', { name: /How these sums came about.*1 span says more/ });
    expect(fold).toHaveAttribute('aria-expanded', 'false');
    expect(screen.queryByText(/counted once/)).toBeNull();
    await user.click(fold);
    const lines = screen.getAllByText(/^(says|used)/, { selector: 'li' }).map((line) => line.textContent);
    expect(lines).toEqual([
      'agent_run says 900 tokens, all below it 500 tokens: the larger counts, for not every call was recorded',
      'agent_run says 10 tokens, all below it 30 tokens: the larger counts',
      'llm_call used 7 tokens itself, and what its tools called 5 tokens: both count, 12 tokens',
      'agent_run says 2,100 tokens, as much as all below it: counted once',
    ]);
    await user.click(screen.getAllByRole('button', { name: 'agent_run' })[0]!);
    expect(onSelect).toHaveBeenCalledWith('more', expect.objectContaining({ reason: 'link' }));
  });

  it('has no word on sums that nobody could count twice', () => {
    render(<RunSummary trace={agentRun()} />);
    expect(screen.queryByRole('button', { name: /How these sums/ })).toBeNull();
  });

  it('of a trace without an agent is that of any trace', () => {
    render(<RunSummary trace={services()} />);
    expect(numbers()).toHaveTextContent(/spans.*services/);
    expect(numbers()).not.toHaveTextContent(/token|iteration/);
    expect(screen.queryByRole('group', { name: 'Where the time went' })).toBeNull();
  });

  it('of a large trace is there at once, and tells tokens when all has been read', async () => {
    render(<RunSummary trace={large({ spans: 6000, shape: 'agent', format: 'json' })} />);
    expect(numbers()).toHaveTextContent(/spans/);
    expect(numbers()).not.toHaveTextContent(/token/);
    await waitFor(() => expect(numbers()).toHaveTextContent(/token/), { timeout: 20_000 });
  });
});

describe('opening a trace', () => {
  it('of a failed run is at the error that it failed of', () => {
    render(<TraceView trace={errorRun()} />);
    expect(screen.getByRole('row', { selected: true })).toHaveAccessibleName(/fare_rules.*error/);
    expect(screen.getByRole('region', { name: /fare_rules/ })).toBeInTheDocument();
  });

  it('of another is at what it waited for longest', () => {
    render(<TraceView trace={agentRun()} />);
    expect(screen.getByRole('row', { selected: true })).toHaveAccessibleName(/llm_call/);
  });

  it('is where the caller says', () => {
    const { unmount } = render(<TraceView trace={errorRun()} defaultSelectedSpanId={null} />);
    expect(screen.queryByRole('row', { selected: true })).toBeNull();
    unmount();
    render(<TraceView trace={errorRun()} selectedSpanId={errorRun().spans[0]!.span_id} />);
    expect(screen.getByRole('row', { selected: true })).toHaveAccessibleName(/session/);
  });
});

describe('rows of an agent’s run', () => {
  it('have columns of tokens and cost, own or summed up', () => {
    render(<Waterfall trace={errorRun()} />);
    expect(screen.getByRole('columnheader', { name: 'Tokens' })).toBeInTheDocument();
    expect(within(rowOf(/agent_run/)).getByTitle(/Σ 1,583 tokens, with all below/)).toHaveTextContent('Σ 1.58k');
    expect(within(rowOf(/llm_call/)).getByTitle('629 tokens')).toBeInTheDocument();
    expect(rowOf(/search_flights/)).not.toHaveTextContent(/\$|Σ/);
  });

  it('have the columns that the caller asks for, and none where nothing is known', () => {
    const { unmount } = render(<Waterfall trace={errorRun()} columns={['model']} />);
    expect(screen.getByRole('columnheader', { name: 'Model' })).toBeInTheDocument();
    expect(screen.queryByRole('columnheader', { name: 'Cost' })).toBeNull();
    unmount();
    render(<Waterfall trace={services()} />);
    expect(screen.queryByRole('columnheader', { name: 'Tokens' })).toBeNull();
  });

  it('tell a soft failure apart from an error, and a call that was made again', () => {
    const call = (id: string, start: number, attributes: Record<string, string | boolean>, status: 'ok' | 'error') => ({
      id,
      parent: 'run',
      name: 'tool:search',
      start,
      end: start + 5,
      status,
      details: { attributes: { 'tool.name': 'search', 'gen_ai.tool.call.arguments': '{"q":1}', ...attributes } },
    });
    const trace = detailedTrace([
      { id: 'run', name: 'agent_run' },
      call('a', 0, {}, 'ok'),
      call('b', 10, {}, 'ok'),
      call('c', 20, {}, 'ok'),
      call('d', 30, { 'tool.success': false }, 'ok'),
    ]);
    render(<Waterfall trace={trace} />);
    const byKey = (key: string) => rows().find((row) => row.dataset.spanId === key)!;
    expect(byKey('d')).toHaveTextContent(/failed softly/);
    expect(byKey('d')).not.toHaveTextContent(/, error/);
    expect(byKey('a')).not.toHaveTextContent(/repeated/);
    expect(within(byKey('c')).getByTitle(/Inferred/)).toHaveTextContent(/repeated/);
  });
});

describe('a sum in a row', () => {
  it('says so where it is estimated by prices, and where its span says more than what lies below', () => {
    const call = (id: string, tokens: number) => ({
      id,
      parent: 'run',
      name: 'llm_call',
      details: { attributes: { 'llm.model': 'm', 'llm.prompt_tokens': tokens, 'llm.completion_tokens': 0 } },
    });
    const trace = detailedTrace([
      { id: 'run', name: 'agent_run', details: { attributes: { 'gen_ai.usage.input_tokens': 5_000_000 } } },
      call('a', 1_000_000),
      call('b', 2_000_000),
    ]);
    render(<Waterfall trace={trace} prices={{ m: { input: 2, output: 8 } }} />);
    const run = within(rowOf(/agent_run/));
    expect(run.getByTitle(/^Estimated Σ \$6, with all below/)).toHaveTextContent('Σ ≈ $6.00');
    expect(run.getByTitle(/^This span says 5,000,000 tokens, all below it 3,000,000/)).toHaveTextContent('5M');
    expect(run.getByTitle(/^This span says/)).toHaveAttribute('data-incomplete');
  });
});

describe('the views of a run', () => {
  it('are offered for an agent’s run alone', () => {
    const { unmount } = render(<TraceView trace={services()} />);
    expect(screen.queryByRole('radio', { name: 'Transcript' })).toBeNull();
    unmount();
    render(<TraceView trace={agentRun()} view="transcript" />);
    expect(screen.getByRole('radio', { name: 'Transcript' })).toBeChecked();
    expect(screen.getByRole('group', { name: 'The run as one conversation' })).toBeInTheDocument();
  });

  it('list iterations, and focus the one that is chosen', async () => {
    const user = userEvent.setup();
    const onTimeRangeChange = vi.fn();
    render(<IterationTable trace={errorRun()} onTimeRangeChange={onTimeRangeChange} />);
    const table = screen.getByRole('table', { name: 'Iterations of the run' });
    const second = within(table).getAllByRole('row')[2]!;
    expect(second).toHaveTextContent(/2failed3.6 sfare_rules × 3.*954\$0.0028/);
    await user.click(within(second).getByRole('button', { name: 'Iteration 2: show it' }));
    expect(within(second).getByRole('button')).toHaveAttribute('aria-pressed', 'true');
    await waitFor(() => expect(onTimeRangeChange).toHaveBeenCalled());
  });

  it('draw the context of each call, walked by keys', async () => {
    const user = userEvent.setup();
    const onSelect = vi.fn();
    render(<ContextGrowth trace={agentRun()} contextWindow={10_000} onSelectedSpanIdChange={onSelect} />);
    screen.getByRole('listbox', { name: /Input tokens/ }).focus();
    expect(screen.getByRole('option')).toHaveTextContent(/Call 1 of 5 · gpt-4.1 · 537 tokens in/);
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole('option')).toHaveTextContent(/Call 2 of 5 .*798 tokens in \(\+261\).* of the window/);
    await user.keyboard('{End}{ArrowRight}{Enter}');
    expect(screen.getByRole('option', { selected: true })).toHaveTextContent(/Call 5 of 5/);
    expect(onSelect).toHaveBeenCalledTimes(1);
  });

  it('read the run as one conversation, each message once', async () => {
    const user = userEvent.setup();
    const onSelect = vi.fn();
    render(<Transcript trace={agentRun()} onSelectedSpanIdChange={onSelect} />);
    expect(screen.getAllByText(/^Find the cheapest direct flight/)).toHaveLength(1);
    // A tool that the model's answer tells of, with what it gave, is no step of its own; its span is a click away.
    expect(screen.queryByRole('button', { name: 'search_flights' })).toBeNull();
    await user.click(screen.getAllByRole('button', { name: /Go to the span tool:search_flights/ })[0]!);
    expect(screen.getByRole('button', { name: 'search_flights', pressed: true })).toBeInTheDocument();
    expect(onSelect).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ reason: 'link' }));
  });

  it('fold the runs of sub-agents', async () => {
    const user = userEvent.setup();
    render(<Transcript trace={messyRun()} />);
    const fold = screen.getAllByRole('button', { name: /Read the run of/ })[0]!;
    const before = document.querySelectorAll('.spanscope-step').length;
    await user.click(fold);
    expect(document.querySelectorAll('.spanscope-step').length).toBeGreaterThan(before);
  });
});
