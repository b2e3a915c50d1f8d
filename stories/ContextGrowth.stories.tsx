import type { Meta, StoryObj } from '@storybook/react-vite';
import { ContextGrowth } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import { agentRun, errorRun, messyRun, services } from '../samples/index.ts';
import { framed } from './frames.tsx';

const meta: Meta<typeof ContextGrowth> = {
  title: 'ContextGrowth',
  component: ContextGrowth,
  decorators: [framed('800px', '260px')],
};
export default meta;

type Story = StoryObj<typeof ContextGrowth>;

export const AgentRun: Story = {
  args: { trace: agentRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    canvas.getByRole('listbox').focus();
    await userEvent.keyboard('{End}{Enter}');
    await expect(canvas.getByRole('option', { selected: true })).toHaveTextContent(/Call 5 of 5/);
  },
};
/** A line stands at the model's window. */
export const Window: Story = { args: { trace: messyRun(), contextWindow: 20_000 } };
/** Calls of several agents, with cache and compactions. */
export const MessyRun: Story = { args: { trace: messyRun() } };
export const NoAgent: Story = { args: { trace: services() } };
export const Dark: Story = { args: { trace: messyRun() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: errorRun() }, decorators: [framed('320px', '260px')] };
