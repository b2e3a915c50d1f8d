import type { Meta, StoryObj } from '@storybook/react-vite';
import { SpanDetails } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import {
  agentRun,
  dirty,
  empty,
  errorRun,
  hostile,
  htmlErrorPage,
  hugeAttribute,
  openRun,
  researchOtlp,
  services,
} from '../samples/index.ts';
import { framed } from './frames.tsx';

const meta: Meta<typeof SpanDetails> = {
  title: 'SpanDetails',
  component: SpanDetails,
  decorators: [framed('440px', '720px')],
};
export default meta;

type Story = StoryObj<typeof SpanDetails>;

/** The key of the first span that is named so, in a file of the plain format. */
function spanNamed(
  file: { spans: readonly { span_id: string; name: string; status: string }[] },
  name: string,
  status?: string,
): string {
  const found = file.spans.find((span) => span.name === name && (status === undefined || span.status === status));
  if (!found) throw new Error(`The sample has no span ${name}.`);
  return found.span_id;
}

function otlpSpanNamed(name: RegExp): string {
  const spans = researchOtlp().resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  return spans.find((span) => name.test(span.name))!.spanId;
}

const failed = errorRun();
const run = agentRun();

export const LlmCall: Story = { args: { trace: run, defaultSelectedSpanId: spanNamed(run, 'llm_call') } };
/** The fourth call repeats what the third was told: only what is new is shown. */
export const WhatIsNew: Story = {
  args: { trace: run, defaultSelectedSpanId: run.spans.findLast((span) => span.name === 'llm_call')!.span_id },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getByRole('button', { name: /messages as in the call before/ })).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Changes' }));
    await expect(canvas.getByText(/messages? added/)).toBeVisible();
  },
};
export const Decision: Story = {
  args: { trace: run, defaultSelectedSpanId: spanNamed(run, 'decision:action_selection') },
};
export const Memory: Story = { args: { trace: run, defaultSelectedSpanId: spanNamed(run, 'memory:retrieve') } };
export const Documents: Story = { args: { trace: researchOtlp(), defaultSelectedSpanId: otlpSpanNamed(/^retrieval/) } };
/** Nothing of it runs, loads or freezes. */
export const Hostile: Story = { args: { trace: hostile(), defaultSelectedSpanId: 'llm' } };
/** A million items and JSON of a hundred thousand levels: the rows in sight are drawn. */
export const LargeValues: Story = {
  args: { trace: hostile({ items: 1_000_000, levels: 100_000 }), defaultSelectedSpanId: 'tool' },
};
/** The whole window for what a pane is too narrow for. */
export const InFull: Story = {
  args: { trace: run, defaultSelectedSpanId: spanNamed(run, 'llm_call') },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Open in full' }));
    await expect(canvas.getByRole('dialog')).toBeVisible();
  },
};
/** A tab of the caller's, and a replacement of what is shown of tools. */
export const Extended: Story = {
  args: {
    trace: run,
    defaultSelectedSpanId: spanNamed(run, 'tool:search_flights'),
    detailTabs: [{ id: 'notes', label: 'Notes', render: ({ span }) => <p>Notes on {span.name}</p> }],
    detailContent: {
      tool: ({ agent, standard }) => (
        <>
          <p>My own view of {agent.label}</p>
          {standard}
        </>
      ),
    },
  },
};
export const FailedTool: Story = {
  args: { trace: failed, defaultSelectedSpanId: failed.spans.findLast((span) => span.status === 'error')!.span_id },
};
export const OpenSpan: Story = {
  args: {
    trace: openRun(),
    defaultSelectedSpanId: openRun().spans.findLast((span) => span.end_time === null)!.span_id,
  },
};
export const MarkedByTheModel: Story = {
  args: { trace: dirty(), defaultSelectedSpanId: spanNamed(dirty(), 'end before start') },
};
export const ServiceSpan: Story = {
  args: { trace: services(), defaultSelectedSpanId: services().data[0]!.spans[3]!.spanID },
};
/** An attribute of three million characters. */
export const HugeAttribute: Story = {
  args: { trace: hugeAttribute(), defaultSelectedSpanId: spanNamed(hugeAttribute(), 'tool:read_log') },
};
export const NothingSelected: Story = { args: { trace: run } };
export const Empty: Story = { args: { trace: empty() } };
export const Unreadable: Story = { args: { trace: htmlErrorPage() } };
export const Dark: Story = {
  args: { trace: failed, defaultSelectedSpanId: failed.spans.findLast((span) => span.status === 'error')!.span_id },
  globals: { theme: 'dark' },
};
export const Narrow: Story = {
  args: { trace: run, defaultSelectedSpanId: spanNamed(run, 'llm_call') },
  decorators: [framed('290px', '720px')],
};
