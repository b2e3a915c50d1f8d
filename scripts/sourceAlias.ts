import { fileURLToPath } from 'node:url';

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/** The package's own name, led to its source: what stories, tests and the viewer import is what an app would import. */
export const sourceAlias = [
  { find: /^spanscope$/, replacement: source('index.ts') },
  { find: /^spanscope\/core$/, replacement: source('core.ts') },
  { find: /^spanscope\/element$/, replacement: source('element.ts') },
  { find: /^spanscope\/tracer$/, replacement: source('tracer.ts') },
  { find: /^spanscope\/styles\.css$/, replacement: source('react/styles.css') },
];
