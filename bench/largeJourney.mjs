// What a person does with a large file in the viewer, and what the page says of itself meanwhile. The bench does it with a
// gigabyte, a test with some megabytes.

/** @typedef {import('playwright').Page} Page */

/**
 * @param {Page} page the viewer, open
 * @param {string | { name: string, mimeType: string, buffer: Buffer }} file
 * @param {string} [screenshots] a folder for pictures of the way
 */
export async function openLargeFile(page, file, screenshots) {
  await watch(page);
  const cancelled = await cancelOnTheWay(page, file, screenshots);
  const read = await readToTheEnd(page, file, screenshots);
  return { cancelled, read, after: await lookAround(page, screenshots) };
}

/**
 * Meters in the page: tasks over 50 ms, the longest time without a turn of a timer, and each change of what the loading
 * state says.
 *
 * @param {Page} page
 */
async function watch(page) {
  await page.evaluate(() => {
    const meters = {
      /** @type {{ start: number, duration: number }[]} */
      longTasks: [],
      /** @type {{ start: number, duration: number }[]} */
      gaps: [],
      /** @type {{ time: number, text: string }[]} */
      progress: [],
      readAt: Number.NaN,
    };
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) meters.longTasks.push({ start: startTime, duration });
    }).observe({ type: 'longtask', buffered: true });
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      if (now - last > 30) meters.gaps.push({ start: last, duration: now - last });
      last = now;
    }, 4);
    new MutationObserver(() => {
      const text = document.querySelector('.spanscope-loading-facts')?.textContent;
      if (text && meters.progress.at(-1)?.text !== text) meters.progress.push({ time: performance.now(), text });
      if (!text && Number.isNaN(meters.readAt) && meters.progress.length > 0) meters.readAt = performance.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    /** @type {any} */ (window).meters = meters;
  });
}

/** @param {Page} page */
async function reset(page) {
  return page.evaluate(() => {
    Object.assign(/** @type {any} */ (window).meters, { longTasks: [], gaps: [], progress: [], readAt: Number.NaN });
    return performance.now();
  });
}

/** @param {Page} page @param {Parameters<typeof openLargeFile>[1]} file @param {string} [screenshots] */
async function cancelOnTheWay(page, file, screenshots) {
  const before = await page.locator('.viewer-facts').textContent();
  await reset(page);
  await page.locator('input[type=file]').setInputFiles(file);
  const facts = page.locator('.spanscope-loading-facts');
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await page.waitForFunction(() => /** @type {any} */ (window).meters.progress.length > 3, undefined, {
    timeout: 60_000,
  });
  if (screenshots) await page.screenshot({ path: `${screenshots}/loading.png` });
  const text = (await facts.textContent()) ?? '';
  const from = await page.evaluate(() => performance.now());
  await cancel.click();
  await page.waitForFunction((said) => document.querySelector('.viewer-facts')?.textContent === said, before);
  return { facts: text, ms: (await page.evaluate(() => performance.now())) - from };
}

/** @param {Page} page @param {Parameters<typeof openLargeFile>[1]} file @param {string} [screenshots] */
async function readToTheEnd(page, file, screenshots) {
  const from = await reset(page);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.waitForFunction(() => !Number.isNaN(/** @type {any} */ (window).meters.readAt), undefined, {
    timeout: 600_000,
  });
  await page.locator('.spanscope-row .spanscope-bar').first().waitFor({ timeout: 60_000 });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 200))));
  if (screenshots) await page.screenshot({ path: `${screenshots}/read.png` });
  const { longTasks, gaps, progress, readAt } = await page.evaluate(() => /** @type {any} */ (window).meters);
  const isReading = (/** @type {{ start: number, duration: number }} */ { start, duration }) =>
    // What ends as the trace appears is the task that draws it.
    start >= from && start + duration < readAt - 10;
  const durations = (/** @type {{ duration: number }[]} */ tasks) => tasks.map(({ duration }) => duration);
  return {
    ms: readAt - from,
    progress: progress.map((/** @type {{ text: string }} */ { text }) => text),
    longTasks: durations(longTasks.filter(isReading)),
    openingTasks: durations(longTasks.filter((/** @type {any} */ task) => !isReading(task))),
    longestGap: Math.max(0, ...durations(gaps.filter(isReading))),
    facts: (await page.locator('.viewer-facts').textContent()) ?? '',
  };
}

/** @param {Page} page @param {string} [screenshots] */
async function lookAround(page, screenshots) {
  await page.mouse.move(200, 400);
  for (let turn = 0; turn < 10; turn++) await page.mouse.wheel(0, 3000);
  await page.waitForTimeout(300);
  const rows = await page.locator('.spanscope-row .spanscope-name-text').count();
  // By its place: rows stand above and below what is in sight too.
  const place = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll('.spanscope-row .spanscope-name-text')].map((name) =>
      name.getBoundingClientRect(),
    );
    const box = boxes.find(({ top }) => top > 350);
    return { x: (box?.left ?? 0) + 3, y: (box?.top ?? 0) + 8 };
  });
  await page.mouse.click(place.x, place.y);
  const details = page.getByRole('region').filter({ hasText: /\S/ }).last();
  await page.locator('.spanscope-details').first().waitFor({ timeout: 20_000 });
  const text = (await details.textContent()) ?? '';
  if (screenshots) await page.screenshot({ path: `${screenshots}/details.png` });
  const from = await page.evaluate(() => performance.now());
  await page.keyboard.press('End');
  await page.waitForFunction(() => {
    const grid = document.querySelector('[role=treegrid]');
    const last = Number(grid?.getAttribute('aria-rowcount'));
    return [...document.querySelectorAll('[role=row]')].some(
      (row) => Number(row.getAttribute('aria-rowindex')) === last,
    );
  });
  const endMs = (await page.evaluate(() => performance.now())) - from;
  return { rows, details: text.slice(0, 80), endMs };
}
