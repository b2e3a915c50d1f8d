import { expect, it } from 'vitest';
import { servedViewer } from './servedViewer.ts';

// The page's address as a person uses it: copied, reloaded, sent to somebody else.

const viewer = servedViewer();

const keys = () =>
  viewer.page
    .locator('[role=row][data-span-id]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-span-id')));
const selected = () => viewer.page.locator('[role=row][aria-selected=true]').getAttribute('data-span-id');

it('holds what a person has set, and a reload shows it again', async () => {
  await viewer.page.goto(viewer.address('?sample=agent-run'));
  await viewer.page
    .getByRole('row', { name: /llm_call/ })
    .first()
    .click();
  await viewer.page.getByRole('searchbox', { name: 'Search spans' }).fill('kind:tool');
  await viewer.page.getByRole('button', { name: 'Matches only' }).click();
  await viewer.page
    .getByRole('row', { name: /, tool\b/ })
    .first()
    .click();
  const chosen = await selected();
  const shown = await keys();
  expect(viewer.page.url()).toContain('#view=1.');
  await viewer.page.reload();
  await expect.poll(keys).toEqual(shown);
  expect(await selected()).toBe(chosen);
  expect(await viewer.page.getByRole('searchbox', { name: 'Search spans' }).inputValue()).toBe('kind:tool');
});

it('leads to a span far down in a large trace', async () => {
  await viewer.page.goto(viewer.address('?sample=large-services'));
  await viewer.page.locator('[role=row][tabindex="0"]').focus();
  await viewer.page.keyboard.press('End');
  await viewer.page.keyboard.press('Enter');
  await expect.poll(selected).toBeTruthy();
  const last = await selected();
  const link = viewer.page.url();
  await viewer.page.goto('about:blank');
  await viewer.page.goto(link);
  await expect.poll(selected).toBe(last);
  await expect.poll(() => viewer.page.locator(`[role=row][data-span-id="${last}"]`).isVisible()).toBe(true);
});

it('opens as ever where what the address holds is no state', async () => {
  await viewer.page.goto(viewer.address('?sample=agent-run#view=nothing.<script>'));
  await expect.poll(async () => (await keys()).length).toBeGreaterThan(10);
});
