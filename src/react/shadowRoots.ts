// A view may stand in a shadow root. Seen from the document, the focus and the target of an event are then the root's host,
// and what they are within has to be asked for otherwise.

/** What has the focus, seen from where `near` stands; null where that is nothing, or the page's body. */
export function focusedElement(near: Node): Element | null {
  const root = near.getRootNode() as Document | ShadowRoot;
  const { activeElement } = root;
  return activeElement === near.ownerDocument?.body ? null : (activeElement ?? null);
}

/** The innermost target, also for who listens on the document. */
export function innermostTarget(event: Event): Node {
  return (event.composedPath()[0] ?? event.target) as Node;
}
