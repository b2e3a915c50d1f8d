/**
 * A page without a library: a list that the browser scrolls by itself, and a line of text that changes with a click and
 * with Ctrl+wheel. What these take is what this machine, browser and way of counting cost alone.
 */
export function showFloor(app: HTMLElement): void {
  app.innerText = '';
  const scroller = document.createElement('div');
  scroller.className = 'spanscope-rows-scroller';
  scroller.style.cssText = 'height: 700px; overflow: auto';
  for (let line = 0; line < 2000; line++) {
    const row = document.createElement('div');
    row.className = 'spanscope-row';
    row.textContent = `row ${line}`;
    row.style.height = '28px';
    scroller.append(row);
  }
  const bar = document.createElement('div');
  bar.className = 'spanscope-bar';
  bar.textContent = 'bar';
  bar.setAttribute('role', 'treegrid');
  app.append(bar, scroller);
  let clicks = 0;
  addEventListener('click', () => bar.setAttribute('aria-rowcount', String(++clicks)));
  addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      bar.style.transform = `translateX(${event.timeStamp % 100}px)`;
    },
    { passive: false },
  );
}
