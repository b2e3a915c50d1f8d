import type { Meta, StoryObj } from '@storybook/react-vite';
import { RunSummary } from 'spanscope';
import { expect, within } from 'storybook/test';
import { agentRun, errorRun, messyRun, openRun, services } from '../samples/index.ts';
import { framed } from './frames.tsx';

const meta: Meta<typeof RunSummary> = {
  title: 'RunSummary',
  component: RunSummary,
  decorators: [framed('1200px', '140px')],
};
export default meta;

type Story = StoryObj<typeof RunSummary>;

export const AgentRun: Story = { args: { trace: agentRun() } };

/** Which step failed, why, and what it cost. */
export const ErrorRun: Story = {
  args: { trace: errorRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getByText('Failed')).toBeVisible();
    await expect(canvas.getByRole('button', { name: /Cause: tool:fare_rules.*did not answer/ })).toBeVisible();
  },
};

export const MessyRun: Story = { args: { trace: messyRun() } };
export const StillRunning: Story = { args: { trace: openRun() } };
/** No agent: what can be told of any trace. */
export const Services: Story = { args: { trace: services() } };
export const Dark: Story = { args: { trace: errorRun() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: errorRun() }, decorators: [framed('360px', '260px')] };
