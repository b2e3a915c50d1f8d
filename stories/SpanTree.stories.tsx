import type { Meta, StoryObj } from '@storybook/react-vite';
import { SpanTree } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import { agentRun, empty, errorRun, htmlErrorPage, large, messyRun, openRun, services } from '../samples/index.ts';
import { framed, narrow } from './frames.tsx';

const meta: Meta<typeof SpanTree> = { title: 'SpanTree', component: SpanTree, decorators: [framed('420px', '640px')] };
export default meta;

type Story = StoryObj<typeof SpanTree>;

export const AgentRun: Story = {
  args: { trace: agentRun() },
  play: async ({ canvasElement }) => {
    const items = within(canvasElement).getAllByRole('treeitem');
    items[0]!.focus();
    await userEvent.keyboard('{ArrowDown}');
    await expect(items[1]).toHaveFocus();
  },
};

export const ErrorRun: Story = { args: { trace: errorRun() } };
export const OpenRun: Story = { args: { trace: openRun() } };
/** A service is named where it takes over, its colour goes on below. */
export const Services: Story = { args: { trace: services() } };
export const MessyRun: Story = { args: { trace: messyRun() } };
export const TenThousandSpans: Story = {
  args: { trace: large({ spans: 10_000, seed: 5, format: 'otlp', shape: 'services' }) },
};
export const Empty: Story = { args: { trace: empty() } };
export const Unreadable: Story = { args: { trace: htmlErrorPage() } };
export const Dark: Story = { args: { trace: errorRun() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: errorRun() }, decorators: [narrow] };
