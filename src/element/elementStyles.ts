import styles from '../react/styles.css?inline';

/** The element's own box, which the page may change; and what would come in by inheritance and is no matter of fonts. */
const host = `
:host { display: block; height: 560px; min-width: 0; }
:host([hidden]) { display: none; }
.frame {
  height: 100%;
  letter-spacing: normal;
  word-spacing: normal;
  text-indent: 0;
  text-transform: none;
  text-shadow: none;
  white-space: normal;
  cursor: auto;
}
`;

const sheets = new WeakMap<Document, CSSStyleSheet>();

/**
 * The stylesheet, constructed: a strict Content-Security-Policy allows that, where it refuses a `<style>`. One for all
 * elements of a document; a constructed sheet belongs to the document that made it.
 */
export function adoptStyles(root: ShadowRoot): void {
  const { ownerDocument } = root;
  let sheet = sheets.get(ownerDocument);
  if (!sheet) {
    sheet = new (ownerDocument.defaultView ?? (globalThis as unknown as Window & typeof globalThis)).CSSStyleSheet();
    sheet.replaceSync(host + styles);
    sheets.set(ownerDocument, sheet);
  }
  root.adoptedStyleSheets = [sheet];
}
