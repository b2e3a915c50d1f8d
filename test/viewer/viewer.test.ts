import { gzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import { agentRun, htmlErrorPage, services } from '../../samples/index.ts';
import { servedViewer } from './servedViewer.ts';

// The page behind `npm start`, served as `npm start` serves it, used as a person uses it.

const viewer = servedViewer();

beforeEach(async () => {
  await viewer.page.goto(viewer.address());
});

const file = (name: string, content: object | string) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
});

it('opens on a sample run of an agent and says what it is', async () => {
  await expect.poll(() => viewer.page.getByRole('row', { name: /agent_run/ }).count()).toBe(1);
  expect(await viewer.page.getByRole('status').first().textContent()).toBe('json · 1 trace · 33 spans');
});

it('lists more samples and opens each without a complaint', async () => {
  const list = viewer.page.getByRole('combobox', { name: 'Sample traces' });
  const ids = await list
    .locator('option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  expect(ids.length).toBeGreaterThan(10);
  for (const id of ids) {
    await list.selectOption(id);
    await viewer.page.locator('.spanscope-row, .spanscope-notice').first().waitFor();
  }
});

it('takes a file by its button', async () => {
  await viewer.page.locator('input[type=file]').setInputFiles(file('checkout.json', services()));
  await expect.poll(() => viewer.page.getByRole('status').first().textContent()).toBe('jaeger · 1 trace · 60 spans');
  expect(await viewer.page.title()).toBe('checkout.json · spanscope');
});

it('unpacks a file that is gzipped', async () => {
  const buffer = gzipSync(JSON.stringify(agentRun()));
  await viewer.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'run.json.gz', mimeType: 'application/gzip', buffer });
  await expect.poll(() => viewer.page.title()).toBe('run.json.gz · spanscope');
  await expect.poll(() => viewer.page.getByRole('status').first().textContent()).toBe('json · 1 trace · 33 spans');
});

it('takes a file that is dropped', async () => {
  const dropped = await viewer.page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
    return transfer;
  }, JSON.stringify(agentRun()));
  await viewer.page.dispatchEvent('main', 'dragover', { dataTransfer: dropped });
  await viewer.page.getByText('Drop a trace file to open it').waitFor();
  await viewer.page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
  await expect.poll(() => viewer.page.title()).toBe('dropped.json · spanscope');
});

it('says clearly what it cannot read, and goes on', async () => {
  await viewer.page.locator('input[type=file]').setInputFiles(file('error.html', htmlErrorPage()));
  const alert = viewer.page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/This trace cannot be read.*HTML/);
  await viewer.page.locator('input[type=file]').setInputFiles(file('run.json', agentRun()));
  await viewer.page.getByRole('row', { name: /agent_run/ }).waitFor();
});

it('shows the warnings of a file', async () => {
  await viewer.page.getByRole('combobox', { name: 'Sample traces' }).selectOption('dirty');
  await viewer.page.getByText(/\d+ warnings/).click();
  await viewer.page
    .getByText(/names a parent that is not in the trace/)
    .first()
    .waitFor();
});
