import type { Meta, StoryObj } from '@storybook/react-vite';
import { SpanDetails } from 'spanscope';
import { agentRun, dirty, empty, errorRun, htmlErrorPage, hugeAttribute, openRun, services } from '../samples/index.ts';
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

const failed = errorRun();
const run = agentRun();

export const LlmCall: Story = { args: { trace: run, defaultSelectedSpanId: spanNamed(run, 'llm_call') } };
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
