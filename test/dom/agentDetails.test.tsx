import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentProps } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { agentRun, errorRun } from '../../samples/index.ts';
import { parseTraces, redactTrace, SpanDetails, TraceProvider, useTraceView } from '../../src/index.ts';
import { detailedTrace, unixNanoAt } from '../detailedTrace.ts';

const run = agentRun();
const failed = errorRun();

function idOf(file: typeof run, name: string, place = 0): string {
  return file.spans.filter((span) => span.name === name)[place]!.span_id;
}

function renderDetails(id: string, props: Partial<ComponentProps<typeof SpanDetails>> = {}, trace: object = run) {
  return render(<SpanDetails trace={trace} defaultSelectedSpanId={id} {...props} />);
}

const conversation = () => screen.getByRole('list', { name: 'Conversation' });
const roles = () =>
  within(conversation())
    .getAllByRole('listitem')
    .map((item) => item.dataset.role);

describe('a model call', () => {
  it('reads as a conversation: system folded, user, assistant with the tools that it asks for', async () => {
    const user = userEvent.setup();
    renderDetails(idOf(run, 'llm_call'));
    expect(roles()).toEqual(['system', 'user', 'assistant']);
    expect(conversation()).toHaveTextContent(/Find the cheapest direct flight/);
    const system = within(conversation()).getByRole('button', { name: /^System/ });
    expect(system).toHaveAttribute('aria-expanded', 'false');
    await user.click(system);
    expect(conversation()).toHaveTextContent(/Never pay: you may hold a seat/);
    expect(screen.getByRole('tree', { name: 'Arguments of search_flights' })).toHaveTextContent('origin"OSL"');
  });

  it('tells tokens as a split bar, cost, time to the first token and speed', () => {
    renderDetails(idOf(run, 'llm_call'));
    const numbers = screen.getByRole('heading', { name: 'Tokens, cost and time' }).parentElement!;
    expect(numbers).toHaveTextContent(/Tokens629.*Cost\$0.0018.*First token after\d+ ms.*tokens\/s/);
    expect(numbers).toHaveTextContent(/input 537.*output 92/);
    expect(numbers.querySelectorAll('rect')).toHaveLength(2);
  });

  it('says nothing of what is not known', () => {
    const trace = detailedTrace([{ id: 'llm', name: 'llm_call', details: { attributes: { 'llm.model': 'm' } } }]);
    renderDetails('llm', {}, trace);
    expect(screen.queryByRole('heading', { name: 'Tokens, cost and time' })).toBeNull();
    expect(screen.getByRole('region')).not.toHaveTextContent(/\b0 tokens|\$0/);
  });

  it('folds what the call before was told too, and opens it', async () => {
    const user = userEvent.setup();
    renderDetails(idOf(run, 'llm_call', 4));
    const kept = screen.getByRole('button', { name: /messages as in the call before/ });
    const before = roles().length;
    await user.click(kept);
    expect(roles().length).toBeGreaterThan(before);
  });

  it('shows at a switch only what is new against the call before', async () => {
    const user = userEvent.setup();
    renderDetails(idOf(run, 'llm_call', 1));
    await user.click(screen.getByRole('button', { name: 'Changes' }));
    expect(screen.getByText(/messages? added/)).toBeInTheDocument();
    const added = screen.getByRole('list', { name: 'added:' });
    expect(added).not.toHaveTextContent(/Find the cheapest direct flight/);
    expect(added).toHaveTextContent(/search_flights/);
  });

  it('of an agent that was told the same again says so, and of a rewritten message the words', async () => {
    const user = userEvent.setup();
    const call = (id: string, start: number, ask: string) => ({
      id,
      parent: 'agent',
      name: 'llm_call',
      start,
      end: start + 10,
      details: {
        attributes: {
          'llm.model': 'm',
          'gen_ai.input.messages': JSON.stringify([
            { role: 'system', parts: [{ type: 'text', content: 'You plan trips.' }] },
            { role: 'user', parts: [{ type: 'text', content: ask }] },
          ]),
        },
      },
    });
    const trace = detailedTrace([
      { id: 'agent', name: 'agent_run' },
      call('a', 0, 'Fly to Oslo by train.'),
      call('b', 20, 'Fly to Oslo by train.'),
      call('c', 40, 'Fly to Rome by train.'),
    ]);
    const { unmount } = renderDetails('b', {}, trace);
    await user.click(screen.getByRole('button', { name: 'Changes' }));
    expect(screen.getByText(/The same prompt as in the call before/)).toBeInTheDocument();
    unmount();
    renderDetails('c', {}, trace);
    await user.click(screen.getByRole('button', { name: 'Changes' }));
    await waitFor(() => expect(document.querySelector('ins')).toHaveTextContent('Rome'));
    expect(document.querySelector('del')).toHaveTextContent('Oslo');
  });

  it('shows texts as Markdown or as they are, for all spans alike', async () => {
    const user = userEvent.setup();
    const message = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Be **brief**.' }] }]);
    const attributes = { 'llm.model': 'm', 'gen_ai.input.messages': message };
    renderDetails('llm', {}, detailedTrace([{ id: 'llm', name: 'llm_call', details: { attributes } }]));
    await waitFor(() => expect(document.querySelector('strong')).toHaveTextContent('brief'));
    await user.click(screen.getByRole('button', { name: 'Markdown' }));
    expect(conversation()).toHaveTextContent('Be **brief**.');
  });
});

function Details() {
  const { selectedSpan } = useTraceView();
  return (
    <>
      <output>{selectedSpan?.name}</output>
      <SpanDetails />
    </>
  );
}

it('leads from a call to its tool’s span and back, and to what the model knew of the tool', async () => {
  const user = userEvent.setup();
  render(
    <TraceProvider trace={failed} defaultSelectedSpanId={idOf(failed, 'llm_call', 1)}>
      <Details />
    </TraceProvider>,
  );
  await user.click(screen.getAllByRole('button', { name: /Go to the span tool:fare_rules/ })[1]!);
  expect(screen.getByRole('region', { name: /tool:fare_rules/ })).toHaveTextContent('None: the tool failed.');
  await user.click(screen.getByRole('button', { name: 'llm_call' }));
  expect(screen.getByRole('region', { name: /llm_call/ })).toBeInTheDocument();
});

describe('other steps', () => {
  it('of a decision: what was chosen, among what, and what came after', () => {
    renderDetails(idOf(run, 'decision:action_selection'));
    const options = screen.getByRole('list', { name: 'Options' });
    expect(within(options).getAllByRole('listitem')).toHaveLength(3);
    expect(options).toHaveTextContent('search_flights, Chosen');
    expect(screen.getByRole('button', { name: 'tool:search_flights' })).toBeInTheDocument();
  });

  it('of a memory: the operation and its records', () => {
    renderDetails(idOf(run, 'memory:retrieve'));
    expect(screen.getByRole('region')).toHaveTextContent(/Operationretrieve.*episodic/);
    expect(screen.getByRole('region')).toHaveTextContent(/Travels with one cabin bag/);
  });

  it('of a memory whose records are documents: these once, with the record and the store', () => {
    const details = {
      attributes: {
        'mlflow.spanType': 'MEMORY',
        'gen_ai.memory.store.id': 'notes',
        'gen_ai.memory.record.id': 'r7',
        'mlflow.spanOutputs': '["window seat"]',
        'gen_ai.data_source.id': 'kb-1',
      },
    };
    render(<SpanDetails trace={detailedTrace([{ id: 'm', name: 'recall', details }])} defaultSelectedSpanId="m" />);
    const content = document.querySelector('.spanscope-card')!.closest('section')!.parentElement!;
    expect(document.querySelector('.spanscope-card')).toHaveTextContent(/Storenotes.*Recordr7.*Records1/);
    expect(document.querySelector('.spanscope-card')).not.toHaveTextContent('window seat');
    expect(content).toHaveTextContent('window seat');
    expect(content).toHaveTextContent(/Data sourcekb-1/);
  });

  it('of a retriever: documents with their scores', () => {
    const documents = JSON.stringify([
      { id: 'a', score: 0.9, content: 'first' },
      { id: 'b', score: 0.3 },
    ]);
    const attributes = { 'gen_ai.operation.name': 'retrieval', 'gen_ai.retrieval.documents': documents };
    renderDetails('r', {}, detailedTrace([{ id: 'r', name: 'retrieval docs', details: { attributes } }]));
    const region = screen.getByRole('region');
    expect(region).toHaveTextContent(/Documents2/);
    expect(region).toHaveTextContent(/a.*0\.9.*first.*b.*0\.3/);
  });

  it('of a tool that says it failed without an error: a failure of its own, in other words than an error', () => {
    const attributes = { 'tool.name': 'search', 'tool.success': false };
    renderDetails('t', {}, detailedTrace([{ id: 't', name: 'tool:search', status: 'ok', details: { attributes } }]));
    expect(screen.getByRole('region')).toHaveTextContent(
      'The tool says that it failed, although its span is no error.',
    );
    expect(screen.getByText('failed softly', { selector: '.spanscope-status' })).toBeInTheDocument();
  });
});

describe('the details', () => {
  it('have baggage in a section of its own, and end with the source', () => {
    const details = {
      attributes: { 'baggage.tenant': 'blue', url: 'x' },
      events: [{ name: 'baggage', timeUnixNano: unixNanoAt(1), attributes: { key: 'user', value: 'u1' } }],
    };
    renderDetails('s', {}, detailedTrace([{ id: 's', details }]));
    const headings = screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent);
    expect(headings).toContain('Baggage2');
    expect(headings.at(-1)).toBe('Source');
    expect(screen.getByRole('region')).toHaveTextContent(/tenantblue.*user.*u1/);
  });

  it('show the source whole, as it was read', async () => {
    const user = userEvent.setup();
    renderDetails(idOf(run, 'memory:store'));
    await user.click(screen.getByRole('button', { name: 'Source' }));
    const source = screen.getByRole('tree', { name: 'Source' });
    expect(source).toHaveTextContent('name"memory:store"');
    expect(source).toHaveTextContent('attributes');
  });

  it('show of a redacted span what may be seen of it, and not the file’s record', async () => {
    const user = userEvent.setup();
    const [trace] = parseTraces({
      trace_id: 't',
      spans: [{ span_id: 'a', name: 'work', start_time: 1, end_time: 2, attributes: { key: 'secret', open: 'seen' } }],
    }).traces;
    const { unmount } = renderDetails('a', {}, trace!);
    await user.click(screen.getByRole('button', { name: 'Source' }));
    expect(screen.getByRole('tree', { name: 'Source' })).toHaveTextContent(/start_time1.*secret/);
    unmount();
    renderDetails(
      'a',
      {},
      redactTrace(trace!, (key, value) => (key === 'key' ? undefined : value)),
    );
    await user.click(screen.getByRole('button', { name: 'Source' }));
    expect(screen.getByRole('tree', { name: 'Source' })).toHaveTextContent(/startTimeUnixNano.*seen/);
    expect(screen.getByRole('region')).not.toHaveTextContent('secret');
  });

  it('take tabs of the caller’s, by the keys of the pattern', async () => {
    const user = userEvent.setup();
    renderDetails(idOf(run, 'llm_call'), {
      detailTabs: [
        {
          id: 'notes',
          label: 'Notes',
          render: ({ span, agent }) => <p>{`notes on ${span.name} by ${agent.model}`}</p>,
        },
        { id: 'never', label: 'Never', render: () => null, isShown: () => false },
      ],
    });
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual(['Details', 'Notes']);
    screen.getByRole('tab', { name: 'Details' }).focus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole('tab', { name: 'Notes' })).toHaveFocus();
    expect(screen.getByRole('tabpanel')).toHaveTextContent('notes on llm_call by gpt-4.1');
  });

  it('let the caller replace what is shown of a kind, around what was shown', () => {
    const tool = vi.fn(({ agent, standard }) => (
      <>
        <p>{`mine: ${agent.tool?.name}`}</p>
        {standard}
      </>
    ));
    renderDetails(idOf(run, 'tool:search_flights'), { detailContent: { tool } });
    expect(screen.getByText('mine: search_flights')).toBeInTheDocument();
    expect(screen.getByRole('tree', { name: 'Arguments of search_flights' })).toBeInTheDocument();
  });

  it('open in full and close by Escape', async () => {
    const user = userEvent.setup();
    const onClose = vi.fn();
    renderDetails(idOf(run, 'llm_call'), { onClose });
    await user.click(screen.getByRole('button', { name: 'Open in full' }));
    const dialog = screen.getByRole('dialog', { name: 'llm_call' });
    expect(within(dialog).getByRole('list', { name: 'Conversation' })).toBeInTheDocument();
    within(dialog).getByRole('button', { name: 'Back to the pane' }).focus();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(onClose).not.toHaveBeenCalled();
  });
});

it('a long value is searched by its keys and texts, and the way to a match opens', async () => {
  const user = userEvent.setup();
  const list = Array.from({ length: 5000 }, (_, at) => ({ name: `item ${at}` }));
  const details = { attributes: { value: JSON.stringify({ list, more: { needle: 'here' } }) } };
  renderDetails('s', {}, detailedTrace([{ id: 's', details }]));
  const search = screen.getByRole('searchbox', { name: 'Search in value' });
  await user.type(search, 'item 4321');
  await waitFor(() => expect(screen.getByText('1 of 1')).toBeInTheDocument());
  expect(document.querySelector('[data-found]')).toHaveTextContent('name"item 4321"');
  await user.clear(search);
  await user.type(search, 'item 49');
  await waitFor(() => expect(screen.getByText('1 of 111')).toBeInTheDocument());
  await user.keyboard('{Enter}');
  expect(screen.getByText('2 of 111')).toBeInTheDocument();
  await user.keyboard('{Shift>}{Enter}{Enter}{/Shift}');
  expect(screen.getByText('111 of 111')).toBeInTheDocument();
});
