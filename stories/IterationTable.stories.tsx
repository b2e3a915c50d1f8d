import type { Meta, StoryObj } from '@storybook/react-vite';
import { IterationTable } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import { agentRun, errorRun, messyRun, researchOtlp, services } from '../samples/index.ts';
import { framed, wide } from './frames.tsx';

const meta: Meta<typeof IterationTable> = { title: 'IterationTable', component: IterationTable, decorators: [wide] };
export default meta;

type Story = StoryObj<typeof IterationTable>;

export const AgentRun: Story = {
  args: { trace: agentRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Iteration 3: show it' }));
    await expect(canvas.getByRole('button', { name: 'Iteration 3: show it' })).toHaveAttribute('aria-pressed', 'true');
  },
};
export const ErrorRun: Story = { args: { trace: errorRun() } };
/** Several agents; some iterations are named by the trace, others were inferred. */
export const MessyRun: Story = { args: { trace: messyRun() } };
/** The trace names no iterations: they were inferred, and the table says so. */
export const Inferred: Story = { args: { trace: researchOtlp() } };
export const NoAgent: Story = { args: { trace: services() } };
export const Dark: Story = { args: { trace: errorRun() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: agentRun() }, decorators: [framed('360px', '320px')] };
