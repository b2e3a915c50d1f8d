import type { AgentKind } from '../transforms/agentKind.ts';

/**
 * Small icons of one family, drawn for this project: 16 px, strokes of 1.5 px, the text's colour. They say nothing to
 * assistive technology; what they stand for is said in words beside them.
 */
const paths = {
  agent: 'M8 1.8 13.4 5v6L8 14.2 2.6 11V5ZM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6',
  llm: 'M8 1.8 9.5 6.5 14.2 8 9.5 9.5 8 14.2 6.5 9.5 1.8 8 6.5 6.5Z',
  tool: 'M10 2.2a3.6 3.6 0 0 0-3.3 5L2.2 11.7l2.1 2.1 4.5-4.5a3.6 3.6 0 0 0 4.8-4.4L11.4 7 9 4.6l2.2-2.2A3.6 3.6 0 0 0 10 2.2Z',
  retriever: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14',
  embedding: 'M3 3h.01M8 3h.01M13 3h.01M3 8h.01M8 8h.01M13 8h.01M3 13h.01M8 13h.01M13 13h.01',
  reranker: 'M4.5 13V3M2 5.5 4.5 3 7 5.5M9 4h5M9 8h4M9 12h2.5',
  memory: 'M8 2c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2M3 4v8c0 1.1 2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2 2 5 2s5-.9 5-2',
  decision: 'M8 1.8 14.2 8 8 14.2 1.8 8ZM8 5.5v2.7M8 10.4h.01',
  guardrail: 'M8 1.8 13 3.6V8c0 3-2.2 5.2-5 6.2C5.2 13.2 3 11 3 8V3.6Z',
  evaluator: 'M2.5 8.5 6 12l7.5-8',
  chain: 'M6.5 9.5 9.5 6.5M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5',
  iteration: 'M13 8a5 5 0 1 1-1.5-3.6L13.5 6M13.5 2.5V6H10',
  http: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M2 8h12M8 2c2 1.7 2.6 3.8 2.6 6S10 12.3 8 14c-2-1.7-2.6-3.8-2.6-6S6 3.7 8 2',
  db: 'M8 2c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2M3 4v8c0 1.1 2 2 5 2s5-.9 5-2V4',
  queue: 'M2.5 4.5h11v7h-11ZM6 4.5v7M9.5 4.5v7',
  rpc: 'M2 5.5h10M9.5 3 12 5.5 9.5 8M14 10.5H4M6.5 8 4 10.5 6.5 13',
  other: 'M3 5.5h10M3 10.5h6',
  error: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  warning: 'M8 2.2 14.5 13.5h-13ZM8 6.5v3.2M8 11.6h.01',
  ok: 'M3 8.5 6.5 12 13 4.5',
  unset: 'M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7',
  chevron: 'M6 4l4 4-4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3',
  key: 'M5 7.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M7.2 8.4 13 2.5M10 5.5l2.5 2.5',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  zoomOut: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14M5 7h4',
  expandAll: 'M4 6.5 8 2.5l4 4M4 9.5l4 4 4-4',
  collapseAll: 'M4 2.5l4 4 4-4M4 13.5l4-4 4 4',
  open: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3l2 2',
  event: 'M8 4l4 4-4 4-4-4Z',
  link: 'M6.5 9.5 9.5 6.5M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5',
  back: 'M10 3 5 8l5 5',
  goTo: 'M5.5 3.5h7v7M12.5 3.5l-9 9',
  user: 'M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M2.8 13.7c.5-2.6 2.5-4 5.2-4s4.7 1.4 5.2 4',
  system:
    'M2.5 4.5h5M11 4.5h2.5M2.5 11.5H5M8.5 11.5h5M9.2 2.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4M6.7 9.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4',
  reasoning: 'M6 13.5h4M6.3 11.5C6.3 9.5 4 9 4 6.3a4 4 0 0 1 8 0c0 2.7-2.3 3.2-2.3 5.2Z',
  full: 'M9.5 2.5h4v4M13.5 2.5 9.2 6.8M6.5 13.5h-4v-4M2.5 13.5l4.3-4.3',
  image: 'M2.5 3h11v10h-11ZM2.5 11l3.2-3.2 2.6 2.6 1.9-1.9 3.3 3.3M10.8 5.7h.01',
  file: 'M4 2.5h5l3 3v8H4ZM9 2.5v3h3',
  wasted: 'M3 8a5 5 0 0 1 8.5-3.6L13 6M13 2.8V6H9.8M13 8a5 5 0 0 1-8.5 3.6L3 10M3 13.2V10h3.2',
  transcript: 'M2.5 3h8v5h-5l-3 2.3ZM12 6.5h1.5V13l-2.3-1.8H7.5',
  iterations: 'M2.5 3h11M2.5 6.5h11M2.5 10h7M2.5 13.5h4',
  forward: 'M6 3l5 5-5 5',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  up: 'M3 10.5l5-5 5 5',
  down: 'M3 5.5l5 5 5-5',
  toEnd: 'M8 2v8.5M4.2 6.9 8 10.7l3.8-3.8M3.5 13.8h9',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14',
  waterfall: 'M2 4h6M5 8h6M9 12h5',
  tree: 'M3 3h4M6 8h4M6 13h4M3 3v10h3M3 8h3',
  options: 'M2.5 5h5M11.5 5h2M9.5 3v4M2.5 11h2M8.5 11h5M6.5 9v4',
  save: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10',
  sort: 'M5 6.5 8 3.5l3 3M5 9.5l3 3 3-3',
  flameGraph: 'M2 3.5h12M2 8h8M2 12.5h4M12 8h2',
} as const;

export type IconName = keyof typeof paths;

/** The strokes of an icon in a square of 16, for where it is drawn and not put into the document. */
export function iconPath(name: IconName): string {
  return paths[name];
}

export function Icon({ name, className }: { name: IconName; className?: string | undefined }) {
  return (
    <svg
      className={className}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}

export function KindIcon({ kind, className }: { kind: AgentKind; className?: string | undefined }) {
  return <Icon name={kind} className={className} />;
}
