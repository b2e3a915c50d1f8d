import type { Meta, StoryObj } from '@storybook/react-vite';
import { FlameGraph, SpanDetails, SpanTree, TimeAxis, TraceProvider, Waterfall } from 'spanscope';
import { expect, userEvent, within } from 'storybook/test';
import { errorRun } from '../samples/index.ts';
import { framed } from './frames.tsx';

/** The parts on their own below one provider: selection, hover, collapse and time range are shared. */
function LinkedViews({ trace }: { trace: object }) {
  return (
    <TraceProvider trace={trace}>
      <div
        style={{
          display: 'grid',
          gridTemplate: '26px minmax(0, 1fr) minmax(0, 1fr) / 300px minmax(0, 1fr) 340px',
          gap: 8,
          height: '100%',
        }}
      >
        <TimeAxis style={{ gridArea: '1 / 2' }} />
        <SpanTree style={{ gridArea: '1 / 1 / 4 / 2' }} />
        <Waterfall style={{ gridArea: '2 / 2' }} />
        <FlameGraph style={{ gridArea: '3 / 2' }} />
        <SpanDetails style={{ gridArea: '1 / 3 / 4 / 4' }} />
      </div>
    </TraceProvider>
  );
}

const meta: Meta<typeof LinkedViews> = {
  title: 'Linked views',
  component: LinkedViews,
  decorators: [framed('1280px', '760px')],
};
export default meta;

type Story = StoryObj<typeof LinkedViews>;

export const FourViews: Story = {
  args: { trace: errorRun() },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getAllByRole('treeitem', { name: /search/ })[0]!);
    await expect(await canvas.findByRole('region', { name: /search/ })).toBeVisible();
    await expect(canvas.getByRole('row', { selected: true })).toHaveAccessibleName(/search/);
  },
};

export const Dark: Story = { args: { trace: errorRun() }, globals: { theme: 'dark' } };
