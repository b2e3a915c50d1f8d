import type { SpanIssue } from '../model/issues.ts';

/** What the sentences about a span's issues tell of it; lengths of time as text. */
export interface IssueFacts {
  key: string;
  parentId: string;
  hasParent: boolean;
  /** How long before its parent it starts, and after it ends; empty where it does not. */
  before: string;
  after: string;
  backwards: string;
}

/** All English of the views, in one table. */
export const messages = {
  rows: {
    treegrid: 'Spans of the trace by start',
    tree: 'Spans of the trace',
    nameColumn: 'Name',
    timeColumn: 'Time',
    expand: (name: string) => `Expand ${name}`,
    collapse: (name: string) => `Collapse ${name}`,
    unnamed: '(no name)',
    errorsBelow: (count: number) => (count === 1 ? '1 error below' : `${count} errors below`),
    error: 'error',
    open: 'not finished',
    resizeNames: 'Width of the name column',
    level: (depth: number) => `level ${(depth + 1).toLocaleString('en')}`,
    /** A few words in a row; the details say the rest. */
    oddities: {
      orphan: 'its parent is missing',
      cycle: 'its parents run in a circle',
      'clock-skew': 'its clock may differ',
      'negative-duration': 'ends before it starts',
      'implausible-time': 'implausible time',
      'missing-start': 'has no start',
    } as Partial<Record<SpanIssue, string>>,
  },
  traceView: {
    toolbar: 'Controls of the trace',
    view: 'View',
    views: { waterfall: 'Waterfall', tree: 'Tree', 'flame-graph': 'Flame graph' },
    expandAll: 'Expand all',
    collapseAll: 'Collapse all',
    wholeTrace: 'Whole trace',
    resizeDetails: 'Width of the details',
    numbers: 'The trace in numbers',
    outcome: {
      error: 'Failed',
      recovered: 'Done, with errors on the way',
      open: 'Not finished',
      incomplete: 'Not whole',
      ok: 'Done',
    },
    spans: (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'span' : 'spans'}`,
    services: (count: number) => `${count} services`,
    errors: (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'error' : 'errors'}`,
    open: (count: number) => `${count.toLocaleString('en')} not finished`,
    firstError: 'First error:',
    cause: 'Cause:',
  },
  tracePicker: {
    place: (at: number, count: number) =>
      at > 0
        ? `Trace ${at.toLocaleString('en')} of ${count.toLocaleString('en')}`
        : `${count.toLocaleString('en')} traces`,
    none: 'none shown',
    dialog: 'Traces in this file',
    search: 'Search names, ids and services',
    nothingFound: 'No trace has this in its name, its id or its services.',
    more: (count: number) => `${count.toLocaleString('en')} more: search for them.`,
    name: 'Name',
    start: 'Start (UTC)',
    duration: 'Duration',
    spans: 'Spans',
    errors: 'Errors',
    /** After the numbers, where there is no room for a head over them. */
    spansUnit: ' spans',
    errorsUnit: ' errors',
    noErrors: ' no errors',
    notWhole: 'not whole, ',
  },
  details: {
    region: 'Span details',
    hintTitle: 'No span selected',
    hint: 'Select a row to see all about its span here: click it, or move to it with the arrow keys.',
    unknownTitle: 'This span is not in the trace',
    unknown: (id: string) => `There is no span ${id} among the spans of this trace.`,
    unnamed: '(no name)',
    copySpanId: 'Copy span id',
    fit: 'Zoom to this span',
    close: 'Close the details',
    closeKey: 'Esc',
    copied: 'Copied',
    copyFailed: 'Not copied: the browser refuses it here. Select the text and copy it by hand.',
    status: { unset: 'unset', ok: 'ok', error: 'error' },
    open: 'not finished',
    error: 'Error',
    exception: 'Exception',
    errorCode: (code: string) => `Error ${code}`,
    stack: (lines: number) =>
      lines === 1 ? 'Stack trace, 1 line' : `Stack trace, ${lines.toLocaleString('en')} lines`,
    copyStack: 'Copy stack trace',
    copyMessage: 'Copy message',
    oddities: 'What is odd about this span',
    issues: {
      orphan: ({ parentId }: IssueFacts) => `Its parent ${parentId} is not in the trace, so it is shown as a root.`,
      'duplicate-id': ({ key }: IssueFacts) =>
        `Another span of the trace has the same id. Both are kept, this one as ${key}.`,
      cycle: () => 'By its parents it is its own ancestor. The circle was cut here, so it is shown as a root.',
      'outside-parent': ({ before, after }: IssueFacts) => {
        const parts = [before && `starts ${before} before`, after && `ends ${after} after`].filter(Boolean);
        return `It ${parts.join(' and ') || 'lies outside'} its parent. It is drawn as the file has it.`;
      },
      'clock-skew': () =>
        'It lies wholly outside its parent, which is of another service and waits for it: their clocks may differ. Nothing was moved.',
      'negative-duration': ({ backwards }: IssueFacts) =>
        `It ends ${backwards} before it starts. It is drawn at its start.`,
      unfinished: () => "It has no end. It is drawn open, to the trace's end.",
      'implausible-time': () =>
        "It starts or ends over 104 days from the trace's median start, so it was left out of the trace's bounds.",
      'missing-start': ({ hasParent }: IssueFacts) =>
        `It has no start, so it was placed at ${hasParent ? "its parent's" : "the trace's"}.`,
    },
    facts: 'Facts',
    service: 'Service',
    kind: 'Kind',
    name: 'Name',
    copyName: 'Copy name',
    start: 'Start',
    duration: 'Duration',
    ofTrace: (share: string) => `${share} of the trace`,
    selfTime: 'Self time',
    ofSpan: (share: string) => `${share} of the span`,
    parent: 'Parent',
    noParent: 'none, it is a root',
    followsFrom: 'follows from it, not waited for',
    notInTrace: 'not in this trace',
    children: 'Children',
    noChildren: 'none',
    descendants: (count: number) => `${count.toLocaleString('en')} below in all`,
    errorsBelow: 'Errors below',
    spanId: 'Span id',
    traceId: 'Trace id',
    copyTraceId: 'Copy trace id',
    agentKinds: {
      agent: 'agent',
      llm: 'LLM call',
      tool: 'tool',
      retriever: 'retriever',
      embedding: 'embedding',
      reranker: 'reranker',
      memory: 'memory',
      decision: 'decision',
      guardrail: 'guardrail',
      evaluator: 'evaluator',
      chain: 'chain',
      iteration: 'iteration',
      http: 'HTTP',
      db: 'database',
      queue: 'messaging',
      rpc: 'RPC',
      other: '',
    },
    attributes: 'Attributes',
    events: 'Events',
    links: 'Links',
    resource: 'Resource',
    scope: 'Scope',
    completeness: 'Completeness',
    scopeName: 'name',
    scopeVersion: 'version',
    copyAll: (section: string) => `Copy ${section.toLowerCase()} as JSON`,
    filter: (count: number) => `Filter ${count.toLocaleString('en')} attributes`,
    filtered: (found: number, count: number) => `${found.toLocaleString('en')} of ${count.toLocaleString('en')}`,
    nothingFound: 'No attribute has this in its key or value.',
    copyKey: (key: string) => `Copy the key ${key}`,
    copyValue: (key: string) => `Copy the value of ${key}`,
    copyEntry: 'Copy this value (Ctrl+C)',
    raw: 'Raw',
    rawOf: (key: string) => `Show ${key} as raw text`,
    types: {
      string: 'string',
      number: 'number',
      boolean: 'boolean',
      bigint: 'integer beyond 2^53',
      null: 'null',
      bytes: 'bytes',
      array: 'list',
      object: 'object',
    },
    bytes: (count: number) => (count === 1 ? '1 byte' : `${count.toLocaleString('en')} bytes`),
    entries: (count: number, isList: boolean) =>
      `${count.toLocaleString('en')} ${isList ? (count === 1 ? 'item' : 'items') : count === 1 ? 'key' : 'keys'}`,
    showAllCharacters: (count: number) => `Show all (${count.toLocaleString('en')} characters)`,
    showMoreCharacters: (step: number, shown: number, count: number) =>
      shown === 0
        ? `Show ${step.toLocaleString('en')} of ${count.toLocaleString('en')} characters`
        : `Show ${step.toLocaleString('en')} more (${shown.toLocaleString('en')} of ${count.toLocaleString('en')} characters shown)`,
    showLess: 'Show less',
    showMore: (step: number, rest: number) =>
      step === rest
        ? `Show ${step.toLocaleString('en')} more`
        : `Show ${step.toLocaleString('en')} more of ${rest.toLocaleString('en')}`,
    inSpan: 'from the span’s start',
    inTrace: (offset: string) => `${offset} from the trace’s start`,
    openTrace: (traceId: string) => `Open trace ${traceId}`,
    otherTrace: 'in another trace',
    traceState: 'trace state',
  },
  flameGraph: {
    label: 'Flame graph of the trace: spans over time',
    keys: 'Arrow up: parent. Arrow down: first child. Arrow left and right: siblings. Home and End: first and last sibling. Enter: zoom to the span. Space: select. Escape: end the selection. Plus, minus and 0: zoom in, out and back.',
    spoken: {
      ofTrace: (share: string) => `${share} of the trace`,
      children: (count: number) => (count === 1 ? '1 span below' : `${count.toLocaleString('en')} spans below`),
    },
    duration: 'Duration',
    selfTime: 'Self',
    share: 'Of the trace',
    shareOfParent: 'Of its parent',
    start: 'Starts at',
    service: 'Service',
    kind: 'Kind',
    kinds: {
      unspecified: '',
      internal: 'internal',
      server: 'server',
      client: 'client',
      producer: 'producer',
      consumer: 'consumer',
    },
  },
  states: {
    emptyTitle: 'This trace has no spans',
    emptyHint:
      'The file names a trace but holds no spans of it. If a run is still going, export it again once it has begun.',
    unreadableTitle: 'This trace cannot be read',
    nothingWholeTitle: 'None of its spans could be read',
    nothingWholeHint: 'Was the export finished? Save or download it again.',
    brokenTitle: 'This view could not be drawn',
    brokenHint: 'The rest of the page is not affected. If the file is one that you can share, please report it.',
    noTraceTitle: 'No trace',
    noTraceHint: 'Nothing was given to show.',
    incomplete: 'This trace is not whole.',
  },
} as const;
