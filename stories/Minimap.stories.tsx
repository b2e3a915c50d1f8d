import type { Meta, StoryObj } from '@storybook/react-vite';
import { Minimap } from 'spanscope';
import { agentRun, errorRun, large, messyRun, services } from '../samples/index.ts';
import { framed } from './frames.tsx';

const meta: Meta<typeof Minimap> = { title: 'Minimap', component: Minimap, decorators: [framed('900px', '48px')] };
export default meta;

type Story = StoryObj<typeof Minimap>;

export const WholeRun: Story = { args: { trace: agentRun() } };
export const Zoomed: Story = { args: { trace: messyRun(), defaultTimeRange: [20_000_000_000, 45_000_000_000] } };
export const WithErrors: Story = { args: { trace: errorRun() } };
export const SeveralServices: Story = { args: { trace: services() } };
/** A band of some two hundred spans a pixel. */
export const TenThousandSpans: Story = { args: { trace: large({ spans: 10_000 }) } };
export const Dark: Story = { args: { trace: messyRun() }, globals: { theme: 'dark' } };
