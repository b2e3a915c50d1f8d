import type { AttributeValue } from '../model/details.ts';
import type { Trace } from '../model/trace.ts';
import type { CsvCell } from '../text/csv.ts';
import { agentColumns } from '../transforms/agentColumns.ts';
import { agentTotals } from '../transforms/agentTotals.ts';
import { columnId, type SpanColumn } from './spanColumns.tsx';
import { textRanks } from './tableRows.ts';
import type { TraceFacts } from './traceFacts.ts';

/** What a column of spans holds as data: numbers to sort by, and a cell of a file. */
export interface ColumnValues {
  /** By span index; texts by their rank. */
  readonly numbers: Float64Array;
  cell(index: number): CsvCell;
}

const milliseconds = (values: Float64Array): ColumnValues => ({
  numbers: values,
  cell: (index) => values[index]! / 1e6,
});

/** O(spans); an attribute's and a caller's own are read span by span. */
export function columnValues(column: SpanColumn | 'name', trace: Trace, facts: TraceFacts): ColumnValues {
  const { columns } = trace;
  switch (column) {
    case 'name':
      return coded(columns.name, columns.names);
    case 'service':
      return coded(columns.service, columns.serviceNames);
    case 'status':
      return coded(columns.status, ['unset', 'ok', 'error']);
    case 'start':
      return milliseconds(columns.start);
    case 'duration':
      return milliseconds(columns.duration);
    case 'self-time':
      return milliseconds(facts.selfTimes);
    case 'model': {
      const { model, models } = agentColumns(trace);
      return coded(model, [undefined, ...models.slice(1)]);
    }
    case 'tokens':
    case 'cost': {
      const numbers = agentTotals(trace, agentColumns(trace))[column];
      return { numbers, cell: (index) => numbers[index]! };
    }
    default:
      return readValues(column, trace);
  }
}

/** The unit that a file's cells are in, where it is not that of the screen. */
export function csvHead(column: SpanColumn | 'name', label: string): string {
  const isTime = column === 'start' || column === 'duration' || column === 'self-time';
  return isTime ? `${label} (ms)` : label;
}

function coded(codes: ArrayLike<number>, texts: readonly (string | undefined)[]): ColumnValues {
  const ranks = textRanks(texts);
  const numbers = new Float64Array(codes.length);
  for (let index = 0; index < numbers.length; index++) numbers[index] = ranks[codes[index]!]!;
  return { numbers, cell: (index) => texts[codes[index]!] };
}

function readValues(column: SpanColumn, trace: Trace): ColumnValues {
  const read = reader(column, trace);
  const values: CsvCell[] = [];
  for (let index = 0; index < trace.spanCount; index++) values.push(cellOf(read(index)));
  const isNumeric = values.every((value) => value === undefined || typeof value === 'number');
  return {
    numbers: isNumeric
      ? Float64Array.from(values, (value) => (value === undefined ? Number.NaN : Number(value)))
      : textRanks(values.map((value) => (value === undefined ? undefined : String(value)))),
    cell: (index) => values[index],
  };
}

function reader(column: SpanColumn, trace: Trace): (index: number) => AttributeValue | undefined {
  if (typeof column !== 'string' && column.value) {
    const { value } = column;
    return (index) => {
      try {
        return value(trace.spanAt(index));
      } catch {
        // The cell on the screen says what happened.
        return undefined;
      }
    };
  }
  const key =
    typeof column === 'string' ? columnId(column).replace(/^attribute:/, '') : (column.attribute ?? column.id);
  return (index) => {
    const { attributes, resource } = trace.detailsAt(index);
    const owner = Object.hasOwn(attributes, key) ? attributes : resource;
    return Object.hasOwn(owner, key) ? owner[key] : undefined;
  };
}

function cellOf(value: AttributeValue | undefined): CsvCell {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  try {
    return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));
  } catch {
    return undefined;
  }
}
