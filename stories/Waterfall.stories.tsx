import type { Meta, StoryObj } from '@storybook/react-vite';
import { Waterfall } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import {
  agentRun,
  deepChain,
  dirty,
  empty,
  errorRun,
  htmlErrorPage,
  large,
  manyServices,
  openRun,
  services,
} from '../samples/index.ts';
import { narrow, tile, wide } from './frames.tsx';

const meta: Meta<typeof Waterfall> = { title: 'Waterfall', component: Waterfall, decorators: [wide] };
export default meta;

type Story = StoryObj<typeof Waterfall>;

export const AgentRun: Story = {
  args: { trace: agentRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const row = canvas.getAllByRole('row', { name: /iteration 1/ })[0]!;
    row.focus();
    await userEvent.keyboard('{ArrowLeft}');
    await expect(row).toHaveAttribute('aria-expanded', 'false');
  },
};

/** An error below a collapsed span is counted on it. */
export const ErrorBelowCollapsed: Story = {
  args: { trace: errorRun(), defaultCollapsedSpanIds: { all: true, except: new Set() } },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByRole('row', { name: /errors? below/ })).toBeVisible();
  },
};

export const OpenRun: Story = { args: { trace: openRun() } };
export const Services: Story = { args: { trace: services() } };
export const SixtyServices: Story = { args: { trace: manyServices(60) } };
export const Dirty: Story = { args: { trace: dirty() } };
export const Empty: Story = { args: { trace: empty() } };
export const Unreadable: Story = { args: { trace: htmlErrorPage() } };
export const TenThousandSpans: Story = {
  args: { trace: large({ spans: 10_000, seed: 3, format: 'json', shape: 'wide' }) },
};
export const FiveThousandLevels: Story = { args: { trace: deepChain(5000) } };
/** Columns that the caller asks for: facts of every span, an attribute, and one of the caller's own. */
export const Columns: Story = {
  args: {
    trace: services(),
    columns: [
      'service',
      'status',
      'start',
      'self-time',
      'attribute:http.method',
      { id: 'below', label: 'Spans below', value: (span) => span.descendantCount, align: 'end', width: 96 },
    ],
  },
};
export const ColumnsDark: Story = { ...Columns, globals: { theme: 'dark' } };
/** Where names stand over their bars there is no room for columns. */
export const ColumnsNarrow: Story = { ...Columns, decorators: [narrow] };

export const Dark: Story = { args: { trace: errorRun() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: errorRun() }, decorators: [narrow] };
export const Tile: Story = { args: { trace: errorRun() }, decorators: [tile] };
export const RightToLeft: Story = {
  args: { trace: errorRun() },
  decorators: [
    (Story) => (
      <div dir="rtl" style={{ height: '100%' }}>
        <Story />
      </div>
    ),
  ],
};
