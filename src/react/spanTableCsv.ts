import type { Trace } from '../model/trace.ts';
import { type CsvCell, csvText } from '../text/csv.ts';
import type { TraceStatistics } from '../transforms/traceStatistics.ts';
import { fileName, saveFile } from './saveFile.ts';
import { type NumberColumn, numberColumns } from './tableRows.ts';
import { tableTexts as texts } from './tableTexts.ts';

export function* groupCsv(statistics: TraceStatistics, order: Int32Array): Generator<readonly CsvCell[]> {
  const { within, length } = statistics;
  const isTime = (column: NumberColumn) => !['count', 'errors', 'share', 'tokens', 'cost'].includes(column);
  const head = numberColumns.map((column) => `${texts.columns[column]}${isTime(column) ? ' (ms)' : ''}`);
  yield [texts.columns.label, ...(within ? [texts.thenBy] : []), ...head];
  for (const row of order) {
    const [table, at] = row < length ? [statistics, row] : [within!, row - length];
    const group = row < length ? row : within!.above[at]!;
    const second = within ? [row < length ? undefined : (table.labels[at] ?? texts.without)] : [];
    const numbers = numberColumns.map((column) => table[column][at]! / (isTime(column) ? 1e6 : 1));
    yield [statistics.labels[group] ?? texts.without, ...second, ...numbers];
  }
}

export function saveCsv(trace: Trace, what: string, rows: Iterable<readonly CsvCell[]>): void {
  // With a mark of its encoding, without which Excel takes UTF-8 for something else.
  const blob = new Blob(['\ufeff', csvText(rows)], { type: 'text/csv;charset=utf-8' });
  saveFile(blob, `${fileName(`${trace.spanAt(0).name} ${what}`)}.csv`);
}
