export type ViewKey =
  | 'search'
  | 'next-match'
  | 'previous-match'
  | 'zoom-in'
  | 'zoom-out'
  | 'pan-left'
  | 'pan-right'
  | 'expand-level'
  | 'collapse-level'
  | 'help';

/** By the key's place, so that they lie under the same fingers on every layout. */
const keysByCode: ReadonlyMap<string, ViewKey> = new Map([
  ['KeyN', 'next-match'],
  ['KeyP', 'previous-match'],
  ['KeyW', 'zoom-in'],
  ['KeyS', 'zoom-out'],
  ['KeyA', 'pan-left'],
  ['KeyD', 'pan-right'],
  ['BracketLeft', 'collapse-level'],
  ['BracketRight', 'expand-level'],
]);

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * What a key means to the viewer that has the focus: those that hands know from Perfetto and Jaeger. `/` and `?` go by their
 * character, which is what people look for. Keys with Ctrl, ⌘ or Alt belong to the browser.
 */
export function viewKey(press: KeyPress): ViewKey | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  if (press.key === '/') return 'search';
  if (press.key === '?') return 'help';
  return press.shiftKey ? undefined : keysByCode.get(press.code);
}
