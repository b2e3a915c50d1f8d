import type { Meta, StoryObj } from '@storybook/react-vite';
import { FlameGraph } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
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
import { framed, narrow, tile, wide } from './frames.tsx';

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
export const CriticalPath: Story = { args: { trace: services(), defaultSettings: { criticalPath: true } } };
export const RootsAtTheBottom: Story = { args: { trace: services(), defaultSettings: { roots: 'bottom' } } };
export const ColoursByStatus: Story = { args: { trace: services(), defaultSettings: { colorBy: 'status' } } };
export const Empty: Story = { args: { trace: empty() } };
export const Unreadable: Story = { args: { trace: htmlErrorPage() } };
export const Dark: Story = { args: { trace: services() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: services() }, decorators: [narrow] };
export const Tile: Story = { args: { trace: services(), controls: false }, decorators: [tile] };

/** Spans of equal name merged along their path, with all names in a table: what the whole run came to. */
export const Merged: Story = {
  args: { trace: agentRun(), defaultSettings: { form: 'merged', collapseRepeated: true } },
};
export const MergedDark: Story = {
  args: { trace: services(), defaultSettings: { form: 'merged' } },
  globals: { theme: 'dark' },
};
export const MergedByCount: Story = {
  args: {
    trace: large({ spans: 10_000, seed: 7, format: 'jaeger', shape: 'agent' }),
    defaultSettings: { form: 'merged', weight: 'count', roots: 'bottom', criticalPath: true },
  },
};
export const MergedWithoutTable: Story = {
  args: { trace: services(), defaultSettings: { form: 'merged', table: false, colorBy: 'name' } },
};
export const MergedNarrow: Story = {
  args: { trace: services(), defaultSettings: { form: 'merged' } },
  decorators: [framed('420px', '640px')],
};
/** A weight of the caller's own that nothing in this trace has. */
export const Weightless: Story = { args: { trace: services(), defaultSettings: { form: 'merged' }, weight: () => 0 } };

/** A row of the table makes its blocks stand out, and the block of its longest span is selected. */
export const TableAndBlocks: Story = {
  args: { trace: services(), defaultSettings: { form: 'merged' } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.type(canvas.getByRole('searchbox'), 'ledger');
    await userEvent.click(canvas.getAllByRole('row', { name: /ledger/ })[0]!);
    await expect(canvas.getByRole('treeitem', { selected: true })).toHaveTextContent(/ledger/);
    await expect(canvas.getByRole('row', { selected: true })).toBeVisible();
  },
};

/** From one form to the other, into a block and back, by keys alone. */
export const ByKeys: Story = {
  args: { trace: agentRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    canvas.getByRole('radio', { name: 'Over time' }).focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect(canvas.getByRole('radio', { name: 'Merged' })).toHaveFocus();
    const first = canvas.getAllByRole('treeitem')[0]!;
    first.focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await expect(await canvas.findByRole('navigation')).toBeVisible();
    await userEvent.keyboard('{Backspace}');
  },
};
