import type { Meta, StoryObj } from '@storybook/react-vite';
import { SpanTable } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import { agentRun, hostile, large, messyRun, services } from '../samples/index.ts';
import { narrow, wide } from './frames.tsx';

const meta: Meta<typeof SpanTable> = { title: 'SpanTable', component: SpanTable, decorators: [wide] };
export default meta;

type Story = StoryObj<typeof SpanTable>;

export const AgentRun: Story = { args: { trace: agentRun() } };
/** Kinds of steps, each opened to its names. */
export const TwoLevels: Story = {
  args: { trace: messyRun(), defaultGroupBy: 'agentKind', defaultThenBy: 'name' },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const row = canvas.getByRole('row', { name: /^llm/ });
    row.focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect(row).toHaveAttribute('aria-expanded', 'true');
  },
};
export const Spans: Story = { args: { trace: services(), defaultRows: 'spans' } };
export const ByAttribute: Story = { args: { trace: services(), defaultGroupBy: { attribute: 'http.method' } } };
export const Hostile: Story = { args: { trace: hostile(), defaultRows: 'spans' } };
export const HundredThousandSpans: Story = {
  args: { trace: large({ spans: 100_000, seed: 3, format: 'json', shape: 'wide' }), defaultRows: 'spans' },
};
export const Narrow: Story = { args: { trace: agentRun() }, decorators: [narrow] };
export const Dark: Story = {
  args: { trace: agentRun(), defaultGroupBy: 'agentKind', defaultThenBy: 'name' },
  globals: { theme: 'dark' },
};
