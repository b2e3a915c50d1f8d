import { exportWarnings } from '../formats/exportWarnings.ts';
import { toJaeger } from '../formats/jaeger.ts';
import { toJson } from '../formats/json.ts';
import { toOtlp } from '../formats/otlp.ts';
import type { Trace } from '../model/trace.ts';
import { toMarkdown } from '../text/markdown.ts';
import type { ExportName } from './options.ts';

/** All traces as one text of a format; of plain JSON, one trace on a line where there are several. */
export function exportText(traces: readonly Trace[], to: ExportName): string {
  switch (to) {
    case 'json':
      return traces.map((trace) => `${JSON.stringify(toJson(trace), undefined, traces.length > 1 ? 0 : 2)}\n`).join('');
    case 'jaeger':
      return jsonText({ data: traces.flatMap((trace) => toJaeger(trace, { statusTags: 'all' }).data) });
    case 'otlp':
      return jsonText({ resourceSpans: traces.flatMap((trace) => toOtlp(trace).resourceSpans) });
    case 'markdown':
      return `${traces.map((trace) => toMarkdown(trace)).join('\n\n')}\n`;
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** What the format cannot hold, a sentence each. */
export function exportLosses(traces: readonly Trace[], to: ExportName): string[] {
  if (to === 'markdown') return [];
  return traces.flatMap((trace) => exportWarnings(trace, to, { statusTags: 'all' }).map(({ message }) => message));
}
