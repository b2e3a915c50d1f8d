import type { Meta, StoryObj } from '@storybook/react-vite';
import { Transcript } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import { agentRun, errorRun, hostile, messyRun, services } from '../samples/index.ts';
import { narrow, wide } from './frames.tsx';

const meta: Meta<typeof Transcript> = { title: 'Transcript', component: Transcript, decorators: [wide] };
export default meta;

type Story = StoryObj<typeof Transcript>;

export const AgentRun: Story = { args: { trace: agentRun() } };
export const ErrorRun: Story = { args: { trace: errorRun() } };

/** Runs of sub-agents are folded. */
export const MessyRun: Story = {
  args: { trace: messyRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const before = canvas.getAllByRole('listitem').length;
    await userEvent.click(canvas.getAllByRole('button', { name: /Read the run of/ })[0]!);
    await expect(canvas.getAllByRole('listitem').length).toBeGreaterThan(before);
  },
};
export const Hostile: Story = { args: { trace: hostile() } };
export const NoAgent: Story = { args: { trace: services() } };
export const Dark: Story = { args: { trace: errorRun() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: agentRun() }, decorators: [narrow] };
