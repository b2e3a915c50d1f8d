import { isContainer, isList, previewText, textPrefix, valueText, valueType } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { FoldedText } from './FoldedText.tsx';
import { Icon } from './icons.tsx';
import type { JsonNode } from './jsonRows.ts';
import { messages } from './messages.ts';

/** Deeper levels are not indented further: a pane is narrow, and `aria-level` says the level. */
const deepestIndent = 12;
/** Of a text in a row of one line; what is cut off is read below the rows. */
const charactersInLine = 300;
/** A text up to this length has room in most rows. */
const shortText = 32;

export interface JsonRowProps {
  node: JsonNode;
  isOpen: boolean;
  isActive: boolean;
  /** The match that a search stands at. */
  isFound: boolean;
  /** Every row has the same height: one line of its value. */
  isLine: boolean;
  /** Its text is read below the rows. */
  isRead: boolean;
}

/** An entry of an object or a list: its key, and its value or what is in it. */
export function JsonTreeRow({ node, isOpen, isActive, isFound, isLine, isRead }: JsonRowProps) {
  const canOpen = node.size > 0;
  const isExpandable = canOpen || (isLine && isReadBelow(node));
  return (
    <div
      role="treeitem"
      className="spanscope-json-row"
      aria-level={node.depth + 1}
      aria-setsize={node.parent!.size}
      aria-posinset={node.position + 1}
      aria-expanded={isExpandable ? isOpen || isRead : undefined}
      data-node={node.id}
      data-depth={Math.min(node.depth, deepestIndent)}
      data-found={isFound || undefined}
      tabIndex={isActive ? 0 : -1}
    >
      <span className="spanscope-json-toggle" data-open={isOpen || isRead || undefined}>
        {isExpandable && <Icon name="chevron" />}
      </span>
      <span className="spanscope-json-key" dir="auto">
        {node.key}
      </span>
      <span className="spanscope-json-value" data-type={valueType(node.value)}>
        <NodeValue node={node} isOpen={isOpen} isLine={isLine} />
      </span>
      <span className="spanscope-json-actions" aria-hidden="true">
        <CopyButton text={() => valueText(node.value)} label={messages.details.copyEntry} tabIndex={-1} />
      </span>
    </div>
  );
}

/** Whether a row of one line may cut the value off. */
export function isReadBelow({ value, size }: JsonNode): boolean {
  if (size > 0) return false;
  if (typeof value === 'string') return value.length > shortText || value.includes('\n');
  return value instanceof Uint8Array && value.length > shortText / 3;
}

function NodeValue({ node, isOpen, isLine }: Pick<JsonRowProps, 'node' | 'isOpen' | 'isLine'>) {
  const { value, container } = node;
  if (!container) return <ScalarInTree value={value} isLine={isLine} />;
  if (node.size === 0 && isContainer(value)) return <>{isList(value) ? '[]' : '{}'}</>;
  if (node.size === 0) return <ScalarInTree value={value} isLine={isLine} />;
  return (
    <span className="spanscope-json-preview">
      {isOpen ? messages.details.entries(node.size, isList(container)) : previewText(container)}
    </span>
  );
}

function ScalarInTree({ value, isLine }: { value: JsonNode['value']; isLine: boolean }) {
  const isBytes = value instanceof Uint8Array;
  if (!isBytes && typeof value !== 'string') return <>{String(value)}</>;
  const quote = isBytes ? '' : '"';
  if (isLine) {
    const text = isBytes ? valueText(value.subarray(0, charactersInLine / 3)) : textPrefix(value, charactersInLine);
    return <bdi className="spanscope-json-line">{`${quote}${text}${quote}`}</bdi>;
  }
  if (isBytes) return <FoldedText text={valueText(value)} characters={96} lines={2} tabIndex={-1} />;
  return <FoldedText text={value} characters={200} lines={4} quote={quote} tabIndex={-1} />;
}
