import type { CDPSession, Locator } from 'playwright';
import { describe, expect, it } from 'vitest';
import { servedViewer } from './servedViewer.ts';

// The waterfall used whole, by real input: by mouse, by keyboard alone, by touch. Titles say what a person does and sees.

const frames = 350;

/** Of the rows in sight, from the top: level, name and whether it can be opened. */
async function rows(page: { locator(selector: string): Locator }): Promise<string[]> {
  return page.locator('[role=row][data-span-id]').evaluateAll((all) =>
    all.map((row) => {
      const expanded = row.getAttribute('aria-expanded');
      const mark = expanded === 'true' ? '-' : expanded === 'false' ? '+' : ' ';
      return `${row.getAttribute('aria-level')}${mark} ${row.querySelector('.spanscope-name-text')!.textContent}`;
    }),
  );
}

describe('by mouse', () => {
  const viewer = servedViewer();
  const row = (name: RegExp) => viewer.page.getByRole('row', { name }).first();
  const barOf = async (name: RegExp) => (await row(name).locator('.spanscope-bar').boundingBox())!;
  const settled = () => viewer.page.waitForTimeout(frames);
  /** The width of a span's bar tells how far the time is zoomed. */
  const width = async (name: RegExp) => (await barOf(name)).width;
  /** What is shown, as the page's address tells it: offsets from the trace's start, in ns. */
  const range = () => {
    const told = /\.r([\d*a-f]+)-([\d*a-f]+)/.exec(viewer.page.url())!;
    const time = (text: string) => Number(text.replace('*2e', '.'));
    return [time(told[1]!), time(told[2]!)] as const;
  };
  const more = async (name: RegExp) => {
    await viewer.page.getByRole('button', { name: 'More' }).click();
    await viewer.page.getByRole('menuitemcheckbox', { name }).or(viewer.page.getByRole('menuitem', { name })).click();
  };

  it('zooms at the pointer, pans, fits, and goes back and forth through what was shown', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=agent-run'));
    const whole = await width(/^iteration 2/);
    const bar = await barOf(/^iteration 2/);
    await page.mouse.move(bar.x + 10, bar.y + 6);
    await page.keyboard.down('Control');
    for (let turn = 0; turn < 3; turn++) await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await settled();
    expect(await width(/^iteration 2/)).toBeGreaterThan(whole * 1.5);
    // What was under the pointer is there still.
    expect((await barOf(/^iteration 2/)).x).toBeLessThanOrEqual(bar.x + 10);

    const zoomed = range();
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 120);
    await page.keyboard.up('Shift');
    await settled();
    const panned = range();
    expect(panned[0]).toBeGreaterThan(zoomed[0]);
    expect(panned[1] - panned[0]).toBeCloseTo(zoomed[1] - zoomed[0], -3);

    await page.mouse.move(bar.x + 60, bar.y + 6);
    await page.mouse.down();
    await page.mouse.move(bar.x + 100, bar.y + 6, { steps: 4 });
    await page.mouse.up();
    await settled();
    expect(range()[0]).toBeLessThan(panned[0]);

    await page.getByRole('button', { name: 'Whole trace' }).click();
    await settled();
    expect(await width(/^iteration 2/)).toBeCloseTo(whole, 0);
    await page.getByRole('button', { name: 'Back to the time shown before' }).click();
    await settled();
    expect(await width(/^iteration 2/)).toBeGreaterThan(whole * 1.5);
    await page.getByRole('button', { name: 'Forward again' }).click();
    await settled();
    expect(await width(/^iteration 2/)).toBeCloseTo(whole, 0);

    await row(/^iteration 2/)
      .locator('.spanscope-name-text')
      .dblclick();
    await settled();
    expect(await width(/^iteration 2/)).toBeGreaterThan(whole * 1.5);
  });

  it('measures with Shift, zooms to what is dragged out on the axis, and moves the window of the overview', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=agent-run'));
    const bar = await barOf(/^iteration 2/);
    await page.keyboard.down('Shift');
    await page.mouse.move(bar.x, bar.y + 40);
    await page.mouse.down();
    await page.mouse.move(bar.x + 120, bar.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect.poll(() => page.locator('.spanscope-measure, [data-kind=measure]').first().isVisible()).toBe(true);

    const whole = await width(/^iteration 2/);
    const axis = (await page.locator('.spanscope-time-header').boundingBox())!;
    await page.mouse.move(bar.x, axis.y + axis.height / 2);
    await page.mouse.down();
    await page.mouse.move(bar.x + bar.width / 2, axis.y + axis.height / 2, { steps: 5 });
    await page.mouse.up();
    await settled();
    expect(await width(/^iteration 2/)).toBeGreaterThan(whole * 1.2);

    const start = page.getByRole('slider', { name: 'Start of the time shown' });
    const value = Number(await start.getAttribute('aria-valuenow'));
    expect(value).toBeGreaterThan(0);
    const overview = (await page.locator('.spanscope-minimap').boundingBox())!;
    const handle = (await start.boundingBox())!;
    await page.mouse.move(handle.x + handle.width / 2, overview.y + overview.height / 2);
    await page.mouse.down();
    await page.mouse.move(overview.x + 2, overview.y + overview.height / 2, { steps: 5 });
    await page.mouse.up();
    await settled();
    expect(Number(await start.getAttribute('aria-valuenow'))).toBeLessThan(value);
  });

  it('brings a bar in that is off screen, by the arrow at the edge', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=agent-run'));
    await row(/^iteration 1/)
      .locator('.spanscope-name-text')
      .dblclick();
    await settled();
    const last = row(/^iteration 4|^iteration 3/);
    await last.locator('[data-bring-in]').click();
    await settled();
    const bar = (await last.locator('.spanscope-bar').boundingBox())!;
    const axis = (await page.locator('.spanscope-time-header').boundingBox())!;
    expect(bar.x).toBeGreaterThanOrEqual(axis.x - 1);
    expect(bar.x + bar.width).toBeLessThanOrEqual(axis.x + axis.width + 1);
  });

  it('brings order into noise: levels, subtrees, errors, groups, gaps, one subtree alone', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=messy-run'));
    const all = Number(await page.getByRole('treegrid').getAttribute('aria-rowcount'));
    const count = async () => Number(await page.getByRole('treegrid').getAttribute('aria-rowcount'));
    await page.getByRole('button', { name: 'Collapse all' }).click();
    await expect.poll(count).toBeLessThan(all / 10);
    const collapsed = await count();
    await more(/Expand one level/);
    await expect.poll(count).toBeGreaterThan(collapsed);
    await more(/down to the errors/);
    await expect.poll(count).toBeLessThan(all);
    expect(await page.locator('[role=row][data-status=error]').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Expand all' }).click();
    await expect.poll(count).toBe(all);
    await more(/Group repeated/);
    await expect.poll(count).toBeLessThan(all);
    const inGroups = await count();
    await more(/Mark time without/);
    await expect.poll(count).toBeGreaterThan(inGroups);
    await more(/Compress idle/);

    await page.locator('[role=row][aria-expanded=true]').nth(2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Show only this and below' }).click();
    await expect.poll(count).toBeLessThan(all);
    await page.getByRole('button', { name: 'Show the whole trace again' }).click();
    await expect.poll(count).toBeGreaterThan(inGroups);
  });

  it('chooses columns, widens the names, and keeps both for the next trace', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=services'));
    await more(/Columns/);
    await page.getByRole('checkbox', { name: 'Self time' }).check();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('columnheader', { name: 'Self time' }).count()).toBe(1);
    const name = page.getByRole('columnheader', { name: 'Name', exact: true });
    const before = (await name.boundingBox())!.width;
    const divider = (await page.getByRole('separator', { name: 'Width of the name column' }).boundingBox())!;
    await page.mouse.move(divider.x + divider.width / 2, divider.y + 60);
    await page.mouse.down();
    await page.mouse.move(divider.x + 70, divider.y + 60, { steps: 4 });
    await page.mouse.up();
    expect((await name.boundingBox())!.width).toBeGreaterThan(before + 40);
  });
});

describe('by keyboard alone', () => {
  const viewer = servedViewer();
  const focused = () =>
    viewer.page.evaluate(() => {
      const row = document.activeElement?.closest('[role=row]');
      return row
        ? row.querySelector('.spanscope-name-text')?.textContent
        : document.activeElement?.getAttribute('role');
    });

  it('finds the rows by Tab, walks, folds, searches, zooms and reads the details, and never loses its place', async () => {
    const { page } = viewer;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    // The grid itself stands in for its row of the focus where that is scrolled out of sight.
    const tabToRows = async () => {
      const isThere = () => page.evaluate(() => document.activeElement?.matches('[role=row], [role=treegrid]'));
      for (let presses = 0; presses < 40 && !(await isThere()); presses++) await press('Tab');
    };
    await page.goto(viewer.address('?sample=error-run'));
    await expect.poll(async () => (await rows(page)).length).toBeGreaterThan(5);
    await tabToRows();
    expect(await page.evaluate(() => document.activeElement?.matches('[role=row]'))).toBe(true);

    await press('Home');
    expect(await focused()).toBe('session');
    await press('ArrowDown', 'ArrowDown');
    expect(await focused()).toBe('iteration 1');
    await press('ArrowLeft');
    expect(await rows(page)).toContain('3+ iteration 1');
    await press('ArrowRight', 'ArrowRight');
    expect(await focused()).toBe('retrieve');
    await press('ArrowLeft');
    expect(await focused()).toBe('iteration 1');
    await press('End');
    expect(await focused()).toBe('fare_rules');
    await page.keyboard.type('iteration 2');
    expect(await focused()).toBe('iteration 2');
    await page.waitForTimeout(800);

    await press('[', '[', '[');
    await expect.poll(async () => (await rows(page)).length).toBeLessThan(4);
    await press(']', ']', ']');
    await expect.poll(async () => (await rows(page)).length).toBeGreaterThan(10);

    await press('Home', 'ArrowDown', 'ArrowDown', 'f');
    await page.waitForTimeout(frames);
    expect(page.url()).toMatch(/\.r\d/);
    await press('w', 'd', 'a', 's', '0');
    await page.waitForTimeout(frames);
    expect(page.url()).not.toMatch(/\.r\d/);

    await press('/');
    await page.keyboard.type('status:error');
    await press('Enter');
    await expect.poll(() => page.locator('.spanscope-search-count').textContent()).toMatch(/^2 of 3$/);
    await press('Enter');
    await expect.poll(() => page.locator('.spanscope-search-count').textContent()).toMatch(/^3 of 3$/);

    await press('Escape');
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    await tabToRows();
    await press('ArrowDown', 'Enter');
    expect(await page.getByRole('region').first().isVisible()).toBe(true);
    await press('Escape');
    expect(await page.locator('[role=row][aria-selected=true]').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.matches('[role=row]'))).toBe(true);

    await press('Shift+F10');
    await expect.poll(() => page.getByRole('menu').count()).toBe(1);
    await press('Escape');
    await press('?');
    await expect.poll(() => page.getByRole('dialog', { name: 'Keyboard' }).count()).toBe(1);
    await press('Escape');
    expect(await page.evaluate(() => document.activeElement?.matches('[role=row]'))).toBe(true);
  });

  it('leaves the keys of the page to the page while the focus is elsewhere', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=error-run'));
    await page.getByRole('button', { name: /Theme/ }).focus();
    const before = await rows(page);
    for (const key of ['[', 'w', 'f', '/', '?', 'n', 'ArrowLeft']) await page.keyboard.press(key);
    expect(await rows(page)).toEqual(before);
    expect(page.url()).not.toContain('#view');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('by ear', () => {
  const viewer = servedViewer();

  it('is a grid whose rows say name, kind, what is wrong, tokens, cost and duration, and where they stand', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=error-run'));
    const grid = page.getByRole('treegrid', { name: 'Spans of the trace by start' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('16');
    const failed = page.getByRole('row', { name: /^fare_rules.*error/ }).first();
    expect(await failed.ariaSnapshot()).toMatchInlineSnapshot(`
      "- row "fare_rules , tool , error 2 s" [level=4] [selected]:
        - gridcell "fare_rules , tool , error"
        - gridcell
        - gridcell
        - gridcell "2 s""
    `);
    expect(await failed.getAttribute('aria-level')).toBe('4');
    expect(await failed.getAttribute('aria-posinset')).toBe('5');
    expect(await failed.getAttribute('aria-setsize')).toBe('6');
    expect(
      await page
        .getByRole('row', { name: /^llm_call/ })
        .first()
        .ariaSnapshot(),
    ).toMatchInlineSnapshot(`
      "- row "llm_call , LLM call , gpt-4.1 , 629 tokens , $0.0018 963 ms" [level=4]:
        - gridcell "llm_call , LLM call , gpt-4.1"
        - gridcell ", 629 tokens"
        - gridcell ", $0.0018"
        - gridcell "963 ms""
    `);
  });
});

describe('by touch', () => {
  const viewer = servedViewer({ viewport: { width: 420, height: 800 }, hasTouch: true, isMobile: true });

  // One for all: a touch that was begun in one session cannot go on in another.
  let session: CDPSession | undefined;

  async function touch(type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]): Promise<void> {
    session ??= await viewer.page.context().newCDPSession(viewer.page);
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  }

  it('selects by a tap, asks by a long press, pinches to zoom and moves the time with a finger', async () => {
    const { page } = viewer;
    await page.goto(viewer.address('?sample=error-run'));
    const last = page.getByRole('row', { name: /^llm_call/ }).last();
    await last.scrollIntoViewIfNeeded();
    const track = (await last.locator('.spanscope-track').boundingBox())!;
    const y = track.y + track.height / 2;
    const width = async () => (await last.locator('.spanscope-bar').boundingBox())!.width;
    const whole = await width();

    await touch('touchStart', [150, y], [220, y]);
    for (let step = 1; step <= 6; step++) await touch('touchMove', [150 - step * 12, y], [220 + step * 12, y]);
    await touch('touchEnd');
    await expect.poll(width).toBeGreaterThan(whole * 1.3);

    const start = () => Number(/\.r([\d]+)/.exec(page.url())?.[1]);
    await expect.poll(start).toBeGreaterThan(0);
    const before = start();
    await touch('touchStart', [250, y]);
    for (let step = 1; step <= 5; step++) await touch('touchMove', [250 - step * 12, y]);
    await touch('touchEnd');
    await expect.poll(start).toBeGreaterThan(before);

    await touch('touchStart', [120, track.y - 10]);
    await expect.poll(() => page.getByRole('menu').count()).toBe(1);
    await touch('touchEnd');
    const item = (await page.getByRole('menuitem').first().boundingBox())!;
    expect(item.height).toBeGreaterThanOrEqual(44);
    await page.getByRole('menuitem', { name: 'Show details' }).tap();
    await expect.poll(() => page.locator('.spanscope-details').first().isVisible()).toBe(true);
  });
});
