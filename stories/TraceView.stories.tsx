import type { Meta, StoryObj } from '@storybook/react-vite';
import { TraceView } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import {
  agentRun,
  dirty,
  empty,
  errorRun,
  htmlErrorPage,
  large,
  messyRun,
  noRoot,
  openRun,
  researchOtlp,
  services,
  singleSpan,
  threeTraces,
  truncatedJson,
} from '../samples/index.ts';
import { narrow, tile, wide } from './frames.tsx';

const meta: Meta<typeof TraceView> = {
  title: 'TraceView',
  component: TraceView,
  decorators: [wide],
};
export default meta;

type Story = StoryObj<typeof TraceView>;

/** A run of an agent that went well: an exported file goes in as it is. */
export const AgentRun: Story = {
  args: { trace: agentRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getAllByRole('row', { name: /llm_call/ })[0]!);
    await expect(await canvas.findByRole('region', { name: /llm_call/ })).toBeVisible();
  },
};

/** The same agent failing: the summary leads to the first error. */
export const ErrorRun: Story = {
  args: { trace: errorRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: /Cause/ }));
    await expect(await canvas.findByRole('region', { name: /fare_rules/ })).toBeVisible();
  },
};

/** Still running when it was exported: open spans reach to the end of what is known. */
export const OpenRun: Story = { args: { trace: openRun() } };

/** Many services and an asynchronous consumer, as Jaeger exports them. */
export const Services: Story = { args: { trace: services() } };

/** OpenTelemetry's own JSON with its conventions for generative AI. */
export const Otlp: Story = { args: { trace: researchOtlp() } };

/** Four hundred spans as agents really leave them behind. */
export const MessyRun: Story = { args: { trace: messyRun() } };

export const Dirty: Story = { args: { trace: dirty() } };
export const NoRoot: Story = { args: { trace: noRoot() } };
export const SingleSpan: Story = { args: { trace: singleSpan() } };

/** Several traces in one file: one is picked. */
export const SeveralTraces: Story = {
  args: { trace: threeTraces() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: /^Trace \d of 3/ }));
    const other = canvas.getAllByRole('option', { selected: false })[0]!;
    const name = other.querySelector('bdi')!.textContent;
    await userEvent.click(other);
    await expect(canvas.getByRole('button', { name: /^Trace \d of 3/ })).toHaveTextContent(name);
    // Left open, so that the list is looked at too.
    await userEvent.click(canvas.getByRole('button', { name: /^Trace \d of 3/ }));
  },
};

export const Empty: Story = {
  args: { trace: empty() },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByText('This trace has no spans')).toBeVisible();
  },
};

/** A file that is no trace: what it is, what was expected, and what to do. */
export const Unreadable: Story = {
  args: { trace: htmlErrorPage() },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByRole('alert')).toBeVisible();
  },
};

/** A file cut off in the middle shows what stood whole in it, and says that it is not all. */
export const Truncated: Story = {
  args: { trace: truncatedJson() },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getAllByRole('note')[0]).toBeVisible();
  },
};

/** A run that waited 41 minutes for an answer: the wait is a stripe, and the work has the width. */
export const IdleTimeCompressed: Story = {
  args: { trace: messyRun() },
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'More' }));
    await userEvent.click(await within(canvasElement).findByRole('menuitemcheckbox', { name: 'Compress idle time' }));
    await expect(canvasElement.querySelector('.spanscope-time-axis .spanscope-time-break')).toHaveAttribute(
      'title',
      expect.stringContaining('40 min'),
    );
  },
};

export const TenThousandSpans: Story = {
  args: { trace: large({ spans: 10_000, seed: 7, format: 'jaeger', shape: 'agent' }) },
  play: async ({ canvasElement }) => {
    const rows = await within(canvasElement).findAllByRole('row');
    await expect(rows.length).toBeLessThan(80);
  },
};

export const Tree: Story = { args: { trace: agentRun(), defaultView: 'tree' } };
export const FlameGraph: Story = { args: { trace: services(), defaultView: 'flame-graph' } };
export const Compact: Story = { args: { trace: services(), density: 'compact' } };
export const Dark: Story = { args: { trace: errorRun() }, globals: { theme: 'dark' } };
export const MessyDark: Story = { args: { trace: messyRun() }, globals: { theme: 'dark' } };
export const Narrow: Story = { args: { trace: errorRun() }, decorators: [narrow] };
export const TimeOfDay: Story = {
  args: { trace: errorRun(), defaultTimeDisplay: 'absolute', timeZone: 'Europe/Berlin' },
};
export const Tile: Story = { args: { trace: agentRun() }, decorators: [tile] };
