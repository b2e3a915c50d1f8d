import type { Meta, StoryObj } from '@storybook/react-vite';
import { TimeAxis } from 'spanscope';
import { agentRun } from '../samples/index.ts';
import { framed } from './frames.tsx';

const meta: Meta<typeof TimeAxis> = { title: 'TimeAxis', component: TimeAxis, decorators: [framed('900px', '28px')] };
export default meta;

type Story = StoryObj<typeof TimeAxis>;

export const WholeRun: Story = { args: { trace: agentRun() } };
/** Two hundred nanoseconds in the middle of a run of seconds. */
export const ZoomedToNanoseconds: Story = {
  args: { trace: agentRun(), defaultTimeRange: [2_000_000_000, 2_000_000_200] },
};
export const Dark: Story = { args: { trace: agentRun() }, globals: { theme: 'dark' } };
