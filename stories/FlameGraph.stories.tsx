import type { Meta, StoryObj } from '@storybook/react-vite';
import { FlameGraph } from 'spanscope';
import {
  agentRun,
  deepChain,
  empty,
  errorRun,
  htmlErrorPage,
  large,
  messyRun,
  openRun,
  services,
} from '../samples/index.ts';
import { narrow, wide } from './frames.tsx';

const meta: Meta<typeof FlameGraph> = { title: 'FlameGraph', component: FlameGraph, decorators: [wide] };
export default meta;

type Story = StoryObj<typeof FlameGraph>;

export const AgentRun: Story = { args: { trace: agentRun() } };
export const ErrorRun: Story = { args: { trace: errorRun() } };
export const OpenRun: Story = { args: { trace: openRun() } };
export const Services: Story = { args: { trace: services() } };
export const MessyRun: Story = { args: { trace: messyRun() } };
export const TenThousandSpans: Story = {
  args: { trace: large({ spans: 10_000, seed: 7, format: 'jaeger', shape: 'agent' }) },
};
export const FiveThousandLevels: Story = { args: { trace: deepChain(5000) } };
export const Empty: Story = { args: { trace: empty() } };
export const Unreadable: Story = { args: { trace: htmlErrorPage() } };
export const Dark: Story = { args: { trace: services() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: services() }, decorators: [narrow] };
