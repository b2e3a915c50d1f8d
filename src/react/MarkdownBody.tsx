import type { Nodes, Parents, Root, Table } from 'mdast';
import { Fragment, type ReactNode } from 'react';
import { linkAddress } from './attributeText.ts';
import { markdownTree } from './markdownTree.ts';
import { messages } from './messages.ts';
import { visibleText } from './visibleText.ts';

export { markdownTree };

export interface MarkdownBodyProps {
  tree: Root;
  /** What stands for an image. Nothing is loaded but by it. */
  renderImage: (image: { url: string; alt: string }) => ReactNode;
}

/**
 * Markdown's tree as elements. No HTML is ever made from text: what the source has of it stands there as text, and links
 * lead to web and mail addresses alone. Its own headings are paragraphs: they are no part of the page's outline.
 */
export function MarkdownBody({ tree, renderImage }: MarkdownBodyProps) {
  const definitions = new Map<string, string>();
  for (const node of tree.children) {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node.url);
  }
  return <div className="spanscope-markdown">{new Renderer(renderImage, definitions).children(tree)}</div>;
}

/** Nests no deeper than `markdownTree` lets through, so that recursion is safe here. */
class Renderer {
  readonly #renderImage: MarkdownBodyProps['renderImage'];
  readonly #definitions: ReadonlyMap<string, string>;

  constructor(renderImage: MarkdownBodyProps['renderImage'], definitions: ReadonlyMap<string, string>) {
    this.#renderImage = renderImage;
    this.#definitions = definitions;
  }

  children(parent: Parents): ReactNode {
    return parent.children.map((child, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
      <Fragment key={at}>{this.#node(child)}</Fragment>
    ));
  }

  #node(node: Nodes): ReactNode {
    switch (node.type) {
      case 'text':
        return visibleText(node.value);
      case 'paragraph':
        return <p dir="auto">{this.children(node)}</p>;
      case 'heading':
        return (
          <p dir="auto" className="spanscope-markdown-heading" data-level={node.depth}>
            {this.children(node)}
          </p>
        );
      case 'strong':
        return <strong>{this.children(node)}</strong>;
      case 'emphasis':
        return <em>{this.children(node)}</em>;
      case 'delete':
        return <del>{this.children(node)}</del>;
      case 'break':
        return <br />;
      case 'thematicBreak':
        return <hr />;
      case 'blockquote':
        return <blockquote>{this.children(node)}</blockquote>;
      case 'inlineCode':
        return <code dir="ltr">{visibleText(node.value)}</code>;
      case 'code':
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be scrolled by keys too
          <pre dir="ltr" tabIndex={0}>
            <code>{visibleText(node.value)}</code>
          </pre>
        );
      case 'html':
        return <code dir="ltr">{visibleText(node.value)}</code>;
      case 'list':
        return node.ordered ? (
          <ol start={node.start ?? undefined}>{this.children(node)}</ol>
        ) : (
          <ul>{this.children(node)}</ul>
        );
      case 'listItem':
        return (
          <li data-checked={node.checked ?? undefined}>
            {typeof node.checked === 'boolean' && (
              <span className="spanscope-markdown-task">{node.checked ? '☑ ' : '☐ '}</span>
            )}
            {this.children(node)}
          </li>
        );
      case 'table':
        return this.#table(node);
      case 'link':
        return this.#link(node.url, this.children(node));
      case 'linkReference':
        return this.#link(this.#definitions.get(node.identifier) ?? '', this.children(node));
      case 'image':
        return this.#renderImage({ url: node.url, alt: node.alt ?? '' });
      case 'imageReference':
        return this.#renderImage({ url: this.#definitions.get(node.identifier) ?? '', alt: node.alt ?? '' });
      case 'footnoteReference':
        return <sup>[{node.label ?? node.identifier}]</sup>;
      case 'footnoteDefinition':
        return (
          <div className="spanscope-markdown-footnote">
            [{node.label ?? node.identifier}] {this.children(node)}
          </div>
        );
      case 'definition':
        return null;
      default:
        return 'children' in node ? this.children(node) : null;
    }
  }

  /** An address that is none of the web's is told, not linked. */
  #link(url: string, content: ReactNode): ReactNode {
    const address = linkAddress(url);
    if (address === undefined) {
      return (
        <>
          {content} <span className="spanscope-aside">({visibleText(url) || messages.agent.noAddress})</span>
        </>
      );
    }
    return (
      <a className="spanscope-link" href={address} title={address} target="_blank" rel="noopener noreferrer nofollow">
        {content}
      </a>
    );
  }

  #table(node: Table): ReactNode {
    const [head, ...rows] = node.children;
    const cells = (row: Table['children'][number] | undefined, Cell: 'th' | 'td') =>
      row?.children.map((cell, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells of one row have no other name
        <Cell key={at} data-align={node.align?.[at] ?? undefined} dir="auto">
          {this.children(cell)}
        </Cell>
      ));
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be scrolled by keys too
      <div className="spanscope-markdown-table" tabIndex={0} role="group" aria-label={messages.agent.table}>
        <table>
          <thead>
            <tr>{cells(head, 'th')}</tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
              <tr key={at}>{cells(row, 'td')}</tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  }
}
