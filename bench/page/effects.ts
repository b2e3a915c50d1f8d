/**
 * How to see in the document that an input has had its effect. Each is called before the input and returns the question
 * to ask in every frame after it.
 */
export const effects = {
  /** The rows have moved, and rows fill the window from top to bottom. */
  scroll(): () => boolean {
    const scroller = find('.spanscope-rows-scroller');
    const before = scroller.scrollTop;
    return () => scroller.scrollTop !== before && rowsFill(scroller);
  },
  toggle(): () => boolean {
    const grid = find('[role=treegrid]');
    const before = grid.getAttribute('aria-rowcount');
    return () => grid.getAttribute('aria-rowcount') !== before && rowsFill(find('.spanscope-rows-scroller'));
  },
  select(): () => boolean {
    const selected = () => document.querySelector('.spanscope-row[data-selected]')?.getAttribute('data-span-id');
    const details = () => document.querySelector('.spanscope-details[data-span-id]');
    const before = selected();
    return () =>
      selected() !== before && selected() !== undefined && details()?.getAttribute('data-span-id') === selected();
  },
  zoom(): () => boolean {
    const transforms = () =>
      Array.from(document.querySelectorAll<HTMLElement>('.spanscope-bar'), (bar) => bar.style.cssText).join();
    const before = transforms();
    return () => transforms() !== before;
  },
  /** All matches of another query are counted, and those in sight are marked. */
  search(): () => boolean {
    const counter = () => document.querySelector('.spanscope-search-count:not([data-searching])')?.textContent ?? '';
    const query = () => find('[role=searchbox]') as HTMLInputElement;
    const before = `${query().value} ${counter()}`;
    return () => {
      const isFound = /^[\d,]+$|^none$| of /.test(counter());
      return (
        isFound &&
        `${query().value} ${counter()}` !== before &&
        document.querySelector('[data-match], [data-dimmed]') !== null
      );
    };
  },
  /** The last row is in sight. */
  lastRow(): () => boolean {
    const count = Number(find('[role=treegrid]').getAttribute('aria-rowcount'));
    return () => isInSight(document.querySelector(`[aria-rowindex="${count}"][data-index]`));
  },
  firstRow(): () => boolean {
    return () => isInSight(document.querySelector('[aria-rowindex="2"][data-index]'));
  },
};

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

function rowsFill(scroller: HTMLElement): boolean {
  const { top, bottom } = scroller.getBoundingClientRect();
  const rows = scroller.querySelectorAll('.spanscope-row');
  const first = rows[0]?.getBoundingClientRect();
  const last = rows[rows.length - 1]?.getBoundingClientRect();
  if (!first || !last) return false;
  const endsHere = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
  return first.top <= top + 1 && (last.bottom >= bottom - 1 || endsHere);
}

function isInSight(element: Element | null): boolean {
  const rect = element?.getBoundingClientRect();
  const view = find('.spanscope-rows-scroller').getBoundingClientRect();
  return rect !== undefined && rect.top >= view.top - 1 && rect.bottom <= view.bottom + 1;
}
