import { focusedElement } from './shadowRoots.ts';

/**
 * Puts a text on the clipboard; whether it worked. Pages without a secure context have no `navigator.clipboard`, and an
 * embedded one may be refused it: there the old command copies a selection. `near` is an element of the view.
 */
export async function copyText(text: string, near: Element): Promise<boolean> {
  const clipboard = near.ownerDocument.defaultView?.navigator.clipboard as Clipboard | undefined;
  if (clipboard) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch {
      // Refused: by the user, by a permissions policy, or because the page has lost the focus.
    }
  }
  return copyBySelection(text, near);
}

function copyBySelection(text: string, near: Element): boolean {
  const { ownerDocument } = near;
  const area = ownerDocument.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.setAttribute('aria-hidden', 'true');
  area.style.setProperty('position', 'fixed');
  area.style.setProperty('inset', '0 auto auto 0');
  area.style.setProperty('opacity', '0');
  const focused = focusedElement(near);
  // Within the view: in a modal dialog, whatever stands outside of it cannot have the focus.
  const place = near.closest('.spanscope') ?? ownerDocument.body;
  place.append(area);
  area.focus({ preventScroll: true });
  area.select();
  try {
    return ownerDocument.execCommand?.('copy') ?? false;
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused && 'focus' in focused) (focused as HTMLElement).focus({ preventScroll: true });
  }
}
