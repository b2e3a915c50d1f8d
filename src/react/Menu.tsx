import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { CssPixels } from '../layout/units.ts';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icons.tsx';
import { innermostTarget } from './shadowRoots.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';

export interface MenuItem {
  label: string;
  /** The keys that do the same. */
  keys?: string;
  /** Where it is a state that is on or off. */
  isChecked?: boolean;
  /** Out of use as things are: told, but not to be chosen. */
  isOff?: boolean;
  onSelect: () => void;
}

/** Groups of items, a line between them. */
export type MenuItems = readonly (readonly MenuItem[])[];

/** Where a menu opens: beside a button, or at a point of the window, which is a rectangle of no size. */
export interface MenuAnchor {
  left: CssPixels;
  top: CssPixels;
  right: CssPixels;
  bottom: CssPixels;
}

export interface MenuButtonProps {
  icon: IconName;
  label: string;
  items: MenuItems;
  className?: string;
  /** For what opens in its place. */
  buttonRef?: RefObject<HTMLButtonElement | null>;
}

/** A button that opens a menu below it. */
export function MenuButton({ icon, label, items, className, buttonRef: givenRef }: MenuButtonProps) {
  const ownRef = useRef<HTMLButtonElement>(null);
  const buttonRef = givenRef ?? ownRef;
  const [anchor, setAnchor] = useState<MenuAnchor>();
  const menuId = useId();
  const open = () => setAnchor(buttonRef.current!.getBoundingClientRect());
  return (
    <>
      <button
        ref={buttonRef}
        type="button"
        className={classes('spanscope-icon-button', className)}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        aria-controls={anchor && menuId}
        onClick={() => (anchor ? setAnchor(undefined) : open())}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          open();
        }}
      >
        <Icon name={icon} />
      </button>
      {anchor && (
        <Menu
          id={menuId}
          label={label}
          items={items}
          anchor={anchor}
          opener={buttonRef.current}
          onClose={() => {
            setAnchor(undefined);
            buttonRef.current?.focus();
          }}
          onLeave={() => setAnchor(undefined)}
        />
      )}
    </>
  );
}

export interface MenuProps {
  id?: string;
  label: string;
  items: MenuItems;
  anchor: MenuAnchor;
  /** What opened it: a press on it is its own affair. */
  opener?: Element | null;
  /** A choice was made, or Escape pressed: the focus is to go back to where it was. */
  onClose: () => void;
  /** The focus or the pointer went elsewhere, and stays there. */
  onLeave: () => void;
}

/**
 * A `menu` in the browser's top layer, with the first item focused: arrows, Home, End and letters move, Enter and Space
 * choose, Escape and Tab close. As in the ARIA pattern for menus.
 */
export function Menu({ id, label, items, anchor, opener, onClose, onLeave }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null);
  useIsomorphicLayoutEffect(() => {
    const menu = ref.current;
    if (!menu) return;
    if (typeof menu.showPopover === 'function') menu.showPopover();
    placeMenu(menu, anchor);
    itemsOf(menu)[0]?.focus({ preventScroll: true });
  }, [anchor]);
  const leave = useLatest((event: Event) => {
    const target = innermostTarget(event);
    if (!ref.current?.contains(target) && !opener?.contains(target)) onLeave();
  });
  const onLeaveWindow = useLatest(() => onLeave());
  useEffect(() => {
    const document = ref.current?.ownerDocument;
    if (!document) return;
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('pointerdown', leave, { signal, capture: true });
    document.addEventListener('wheel', leave, { signal, capture: true, passive: true });
    document.defaultView?.addEventListener('blur', onLeaveWindow, { signal });
    document.defaultView?.addEventListener('resize', onLeaveWindow, { signal });
    return () => listening.abort();
  }, [leave, onLeaveWindow]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const all = itemsOf(event.currentTarget);
    const at = all.indexOf(event.target as HTMLElement);
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Tab') onLeave();
    else {
      const next = nextItem(all, at, event.key);
      if (!next) return;
      next.focus({ preventScroll: true });
    }
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={ref}
      id={id}
      className="spanscope-menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      popover="manual"
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items
        .filter((group) => group.length > 0)
        .map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name and keep their order.
          <div key={at} role="group" className="spanscope-menu-group">
            {group.map((item) => (
              <button
                key={item.label}
                type="button"
                className="spanscope-menu-item"
                role={item.isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
                aria-checked={item.isChecked}
                aria-keyshortcuts={item.keys}
                aria-disabled={item.isOff || undefined}
                tabIndex={-1}
                onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
                onClick={() => {
                  if (item.isOff) return;
                  onClose();
                  item.onSelect();
                }}
              >
                <span className="spanscope-menu-check" aria-hidden="true">
                  {item.isChecked && <Icon name="ok" />}
                </span>
                <span className="spanscope-menu-label">{item.label}</span>
                {item.keys && (
                  <span className="spanscope-menu-keys" aria-hidden="true">
                    {item.keys}
                  </span>
                )}
              </button>
            ))}
          </div>
        ))}
    </div>
  );
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')];
}

function nextItem(all: readonly HTMLElement[], at: number, key: string): HTMLElement | undefined {
  const last = all.length - 1;
  if (key === 'ArrowDown') return all[at === last ? 0 : at + 1];
  if (key === 'ArrowUp') return all[at <= 0 ? last : at - 1];
  if (key === 'Home') return all[0];
  if (key === 'End') return all[last];
  if (key.length !== 1 || key === ' ') return undefined;
  const after = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return after.find((item) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
}

const margin: CssPixels = 6;

/** Below its anchor where there is room, its near edge at the anchor's; within the window in any case. */
export function placeMenu(menu: HTMLElement, anchor: MenuAnchor): void {
  const { width, height } = menu.getBoundingClientRect();
  const { clientWidth, clientHeight } = menu.ownerDocument.documentElement;
  const left = anchor.left + width + margin <= clientWidth ? anchor.left : anchor.right - width;
  const below = anchor.bottom + 2;
  const top = below + height + margin <= clientHeight ? below : anchor.top - 2 - height;
  menu.style.left = `${Math.max(margin, Math.min(left, clientWidth - width - margin))}px`;
  menu.style.top = `${Math.max(margin, Math.min(top, clientHeight - height - margin))}px`;
}
