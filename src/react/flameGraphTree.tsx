import { type FocusEvent, type KeyboardEvent, type MouseEvent, type RefObject, useId } from 'react';
import type { BlockIndex, FlameForm } from './flameForm.ts';
import { siblingPosition, spanNeighbours } from './flameGraphKeys.ts';
import { messages } from './messages.ts';

export interface FlameGraphTreeProps {
  treeRef: RefObject<HTMLDivElement | null>;
  form: FlameForm;
  isMerged: boolean;
  selected: BlockIndex;
  /** The block that has the focus, or would get it. */
  active: BlockIndex;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
  onBlur: (event: FocusEvent<HTMLElement>) => void;
  onClick: (event: MouseEvent<HTMLElement>) => void;
}

/**
 * What the canvas shows as elements, for assistive technology and for the focus: one block and those around it, however
 * many there are. They are not seen; the canvas draws the focus around the block.
 */
export function FlameGraphTree({ treeRef, form, isMerged, selected, active, ...handlers }: FlameGraphTreeProps) {
  const helpId = useId();
  const { tree, trace } = form;
  return (
    <>
      <p id={helpId} className="spanscope-visually-hidden">
        {messages.flameGraph.keys}
      </p>
      <div
        ref={treeRef}
        className="spanscope-visually-hidden spanscope-flame-tree"
        role="tree"
        aria-label={isMerged ? messages.flameGraph.mergedLabel : messages.flameGraph.label}
        aria-describedby={helpId}
        {...handlers}
      >
        {aroundBlock(form, active).map((block) => {
          const { position, setSize } = siblingPosition(tree, block);
          return (
            <div
              key={block}
              role="treeitem"
              data-span-id={trace.spanAt(form.spanOf(block)).key}
              data-index={block}
              aria-level={form.level(block) + 1}
              aria-posinset={position}
              aria-setsize={setSize}
              aria-expanded={tree.subtreeEnd[block]! > block + 1 || undefined}
              aria-selected={block === selected}
              tabIndex={block === active ? 0 : -1}
            >
              {form.spoken(block)}
            </div>
          );
        })}
      </div>
    </>
  );
}

/** In the order of the tree: parent, previous sibling, the block, its first child, next sibling. */
function aroundBlock({ tree }: FlameForm, block: BlockIndex): BlockIndex[] {
  const { parent, previousSibling, firstChild, nextSibling } = spanNeighbours(tree, block);
  return [parent, previousSibling, block, firstChild, nextSibling].filter((each) => each >= 0);
}
