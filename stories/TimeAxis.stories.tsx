import type { Meta, StoryObj } from '@storybook/react-vite';
import { TimeAxis } from 'spanscope';
import { expect } from 'storybook/test';
import { agentRun, empty, htmlErrorPage, messyRun } from '../samples/index.ts';
import { framed } from './frames.tsx';

const meta: Meta<typeof TimeAxis> = { title: 'TimeAxis', component: TimeAxis, decorators: [framed('900px', '28px')] };
export default meta;

type Story = StoryObj<typeof TimeAxis>;

export const WholeRun: Story = { args: { trace: agentRun() } };
/** Two hundred nanoseconds in the middle of a run of seconds. */
export const ZoomedToNanoseconds: Story = {
  args: { trace: agentRun(), defaultTimeRange: [2_000_000_000, 2_000_000_200] },
};
/** Minutes and seconds, as the run waited for a person. */
export const MessyRun: Story = { args: { trace: messyRun() } };
/** No spans, no time: no ticks that nobody recorded. */
export const Empty: Story = {
  args: { trace: empty() },
  play: async ({ canvasElement }) => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await expect(canvasElement.querySelector('.spanscope-time-axis')).toHaveTextContent('');
    await expect(canvasElement.querySelector('.spanscope-tick')).toBeNull();
  },
};
/** An axis alone says nothing of what cannot be read: the views beside it do. */
export const Unreadable: Story = { args: { trace: htmlErrorPage() } };
export const Narrow: Story = { args: { trace: agentRun() }, decorators: [framed('320px', '28px')] };
export const Dark: Story = { args: { trace: agentRun() }, globals: { theme: 'dark' } };
