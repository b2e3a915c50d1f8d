import { valueText } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { FoldedText } from './FoldedText.tsx';
import { Icon } from './icons.tsx';
import type { JsonNode } from './jsonRows.ts';
import { messages } from './messages.ts';

/** More of a path than this is cut at its beginning. */
const longestPath = 6;

/** Below a tree whose rows are one line high: the whole of one text. */
export function JsonReader({ node, onClose }: { node: JsonNode; onClose: () => void }) {
  const path = pathText(node);
  return (
    <section className="spanscope-json-reader" aria-label={messages.json.textOf(path)}>
      <div className="spanscope-json-reader-head">
        <bdi className="spanscope-json-key">{path}</bdi>
        <CopyButton text={() => valueText(node.value)} label={messages.details.copyEntry} />
        <button
          type="button"
          className="spanscope-icon-button"
          aria-label={messages.json.closeText}
          title={messages.json.closeText}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      <FoldedText key={node.id} text={valueText(node.value)} characters={2000} lines={24} />
    </section>
  );
}

/** `messages › 3 › content` */
function pathText(node: JsonNode): string {
  const keys: string[] = [];
  let at: JsonNode | undefined = node;
  for (; at?.parent && keys.length < longestPath; at = at.parent) keys.unshift(String(at.key));
  if (at?.parent) keys.unshift('…');
  return keys.join(' › ');
}
