import { filledUp } from './apiRecord.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import {
  childRunsOf,
  idOf,
  lastParentIdOf,
  parentIdOf,
  projectNameOf,
  type RunContext,
  readRunDetails,
  resourceOf,
  segmentOf,
  statusOf,
  traceIdOf,
} from './langsmithFields.ts';
import { setTime } from './plainTime.ts';
import { asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

/**
 * LangSmith's runs, as its API, its SDKs and its exports write them: in a list, in `{ runs: […], cursors }`, one a line, nested in
 * their parent's `child_runs`, or as the SDK sends them (`{ post: […], patch: […] }`, the end of a run in the patch).
 *
 * What a run's parent is, is said by `parent_run_id`, by nesting or by `dotted_order`, the path of ids from the root.
 */
export const langsmithFormat: TraceFormat = {
  name: 'langsmith',
  detect: (value) => holdsRuns(value, 0),
  read: (values, reasons) => new LangsmithReading().read(values, reasons),
};

/** A patch comes after what it changes. */
const listKeys = ['runs', 'post', 'patch', 'data'] as const;
const deepestList = 3;

function holdsRuns(value: unknown, depth: number): boolean {
  if (depth > deepestList) return false;
  if (Array.isArray(value)) return value.some((item) => holdsRuns(item, depth + 1));
  if (!isObject(value)) return false;
  if (isRun(value) || (Object.hasOwn(value, 'cursors') && isEmptyList(value.runs))) return true;
  return listKeys.some((key) => Array.isArray(value[key]) && holdsRuns(value[key], depth + 1));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isRun(value: JsonObject): boolean {
  const isTyped = typeof value.run_type === 'string' || typeof value.dotted_order === 'string';
  return isTyped && (asText(value.id) !== undefined || asText(value.name) !== undefined);
}

/** What stands by itself, in a list of lines of several kinds. */
function isLoneRun(value: JsonObject): boolean {
  if (isRun(value)) return true;
  return idOf(value) !== '' && ['parent_run_id', 'child_runs', 'start_time'].some((key) => Object.hasOwn(value, key));
}

/** A list of runs that is being walked. */
interface OpenList {
  readonly items: readonly unknown[];
  next: number;
  /** Tells one list from another. */
  readonly list: number;
  /** The row of the run that it stands in, -1 for none. */
  readonly parentRow: number;
  readonly context: number;
}

const noRow = -1;

class LangsmithReading {
  readonly #runs: JsonObject[] = [];
  /** By row, like all that follows: the list the run stands in, the run it is nested in, what surrounds it. */
  readonly #lists: number[] = [];
  readonly #nestedIn: number[] = [];
  readonly #contexts: RunContext[] = [];
  readonly #contextOfRow: number[] = [];
  readonly #parentIds: (string | undefined)[] = [];
  readonly #traceIds: (string | undefined)[] = [];
  readonly #rowOfId = new Map<string, number>();
  /** An object that never was JSON may hold itself. */
  readonly #walked = new Set<readonly unknown[]>();
  #rowOfPath: Map<string, number> | undefined;
  readonly #warnings = new WarningList();
  #listCount = 0;
  #skipped = 0;
  #endsInPage = false;

  read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
    const outside = this.#addContext({ traceId: undefined, projectName: undefined, resource: {} });
    for (const value of values) this.#gather(value, 0, outside, 0);
    const collector = new TraceCollector<JsonObject, RunContext>(readRunDetails);
    for (const context of this.#contexts) collector.addContext(context);
    this.#addRuns(collector);
    const allReasons = this.#endsInPage ? [...reasons, 'This is one page of a list of runs that goes on.'] : reasons;
    return { traces: collector.build(allReasons), warnings: this.#warnings.toArray(), skipped: this.#skipped };
  }

  #addContext(context: RunContext): number {
    return this.#contexts.push(context) - 1;
  }

  /** Lines by themselves are one list, 0. */
  #gather(value: unknown, list: number, context: number, depth: number): void {
    if (Array.isArray(value) && depth <= deepestList && value.some(Array.isArray)) {
      for (const item of value) this.#gather(item, ++this.#listCount, context, depth + 1);
    } else if (Array.isArray(value)) {
      this.#walk(value, ++this.#listCount, context, depth);
    } else if (isObject(value) && !isRun(value) && depth <= deepestList && hasList(value)) {
      this.#gatherLists(value, depth);
    } else if (isObject(value) && isLoneRun(value)) {
      this.#walk([value], list, context, depth);
    } else {
      this.#skip(
        'unreadable-record',
        (count) => `${count} ${count === 1 ? 'record is' : 'records are'} neither a run nor a list of runs; skipped.`,
      );
    }
  }

  #gatherLists(container: JsonObject, depth: number): void {
    const context = this.#addContext({
      traceId: traceIdOf(container),
      projectName: projectNameOf(container),
      resource: resourceOf(container, listKeys),
    });
    if (isObject(container.cursors)) this.#endsInPage = typeof container.cursors.next === 'string';
    for (const key of listKeys) {
      if (Array.isArray(container[key])) this.#gather(container[key], 0, context, depth + 1);
    }
  }

  /** Without recursion: runs nest as deep as a program calls. */
  #walk(items: readonly unknown[], list: number, context: number, depth: number): void {
    const open: OpenList[] = [{ items, next: 0, list, parentRow: noRow, context }];
    for (let current = open.at(-1); current; current = open.at(-1)) {
      if (current.next >= current.items.length) {
        open.pop();
        continue;
      }
      const item = current.items[current.next++];
      if (isObject(item) && current.parentRow === noRow && !isRun(item) && hasList(item) && depth <= deepestList) {
        this.#gatherLists(item, depth);
        continue;
      }
      const row = this.#gatherRun(item, current);
      const children = row === noRow ? [] : childRunsOf(item as JsonObject);
      if (children.length > 0 && !this.#walked.has(children)) {
        this.#walked.add(children);
        open.push({ items: children, next: 0, list: ++this.#listCount, parentRow: row, context: current.context });
      }
    }
  }

  #gatherRun(run: unknown, { list, parentRow, context }: OpenList): number {
    if (!isObject(run) || (idOf(run) === '' && asText(run.name) === undefined)) {
      this.#skip(
        'unreadable-span',
        (count) =>
          `${count} ${count === 1 ? 'run is no object, or has' : 'runs are no objects, or have'} neither id nor name; skipped.`,
      );
      return noRow;
    }
    const id = idOf(run);
    const known = id === '' ? undefined : this.#rowOfId.get(id);
    if (known !== undefined && isSameRun(this.#runs[known]!, run, this.#lists[known] === list)) {
      // What comes later is newer: an update of the run, or another copy.
      this.#runs[known] = filledUp(run, this.#runs[known]!);
      if (this.#nestedIn[known] === noRow && parentRow !== known) this.#nestedIn[known] = parentRow;
      return known;
    }
    const row = this.#runs.push(run) - 1;
    if (id !== '' && known === undefined) this.#rowOfId.set(id, row);
    this.#lists.push(list);
    this.#nestedIn.push(parentRow);
    this.#contextOfRow.push(context);
    return row;
  }

  #addRuns(collector: TraceCollector<JsonObject, RunContext>): void {
    const namelessParents = this.#parentsWithoutId();
    const idOfRow = (row: number) => idOf(this.#runs[row]!) || (namelessParents.has(row) ? `run~${row + 1}` : '');
    for (let row = 0; row < this.#runs.length; row++) this.#parentIds.push(this.#parentIdOf(row, idOfRow));
    const projects = new Map<string, string>();
    for (let row = 0; row < this.#runs.length; row++) {
      const traceId = this.#traceIdOf(row, idOfRow);
      const project = projectNameOf(this.#runs[row]!) ?? this.#contexts[this.#contextOfRow[row]!]!.projectName;
      if (project !== undefined && !projects.has(traceId)) projects.set(traceId, project);
    }
    const record = { ...blankRecord(), start: { seconds: NaN, nanos: NaN }, end: { seconds: NaN, nanos: NaN } };
    for (const [row, run] of this.#runs.entries()) {
      const traceId = this.#traceIds[row]!;
      record.spanId = idOfRow(row);
      record.parentSpanId = this.#parentIds[row];
      record.name = asText(run.name) || asText(run.run_type) || '';
      record.serviceName = projectNameOf(run) ?? projects.get(traceId) ?? 'unknown';
      record.status = statusOf(run);
      const start = run.start_time ?? segmentOf(run.dotted_order)?.time;
      if (!setTime(record.start, start)) this.#noteUnreadableTime(start, run, traceId);
      if (!setTime(record.end, run.end_time)) this.#noteUnreadableTime(run.end_time, run, traceId);
      collector.add(traceId, record, run, this.#contextOfRow[row]!);
    }
  }

  #parentsWithoutId(): Set<number> {
    const rows = new Set<number>();
    for (const row of this.#nestedIn) if (row !== noRow && idOf(this.#runs[row]!) === '') rows.add(row);
    return rows;
  }

  #parentIdOf(row: number, idOfRow: (row: number) => string): string | undefined {
    const run = this.#runs[row]!;
    const stated = parentIdOf(run);
    if (stated !== undefined) return stated;
    const nestedIn = this.#nestedIn[row]!;
    if (nestedIn !== noRow) return idOfRow(nestedIn);
    return lastParentIdOf(run) ?? this.#parentIdByPath(run.dotted_order);
  }

  /** The path without its last segment is the parent's; its own last segment ends in the parent's id. */
  #parentIdByPath(path: unknown): string | undefined {
    const end = typeof path === 'string' ? path.lastIndexOf('.') : noRow;
    if (end <= 0) return undefined;
    const parentPath = (path as string).slice(0, end);
    const id = segmentOf(parentPath)?.id;
    if (id !== undefined) return id;
    this.#rowOfPath ??= new Map(
      this.#runs.flatMap(({ dotted_order }, row) =>
        typeof dotted_order === 'string' ? [[dotted_order, row] as const] : [],
      ),
    );
    const parentRow = this.#rowOfPath.get(parentPath);
    return parentRow === undefined ? parentPath : idOf(this.#runs[parentRow]!) || parentPath;
  }

  /** Where a run does not say it, that of its parent; a trace has the id of its root. */
  #traceIdOf(row: number, idOfRow: (row: number) => string): string {
    const known = this.#statedTraceId(row);
    if (known !== undefined) {
      this.#traceIds[row] = known;
      return known;
    }
    const path: number[] = [];
    const onPath = new Set<number>();
    let traceId: string | undefined;
    for (let at = row; traceId === undefined; ) {
      path.push(at);
      onPath.add(at);
      traceId = this.#traceIds[at] ?? this.#statedTraceId(at);
      if (traceId !== undefined) break;
      const parentId = this.#parentIds[at];
      const parentRow = parentId === undefined ? undefined : this.#rowOfId.get(parentId);
      if (parentRow === undefined || onPath.has(parentRow)) traceId = parentId ?? (idOfRow(at) || 'unknown');
      else at = parentRow;
    }
    for (const at of path) this.#traceIds[at] = traceId;
    return traceId;
  }

  #statedTraceId(row: number): string | undefined {
    const run = this.#runs[row]!;
    const { dotted_order: path } = run;
    return (
      traceIdOf(run) ??
      this.#contexts[this.#contextOfRow[row]!]!.traceId ??
      (typeof path === 'string' && path.includes('.') ? segmentOf(path.slice(0, path.indexOf('.')))?.id : undefined)
    );
  }

  #skip(code: string, describe: (count: number) => string): void {
    this.#skipped++;
    this.#warnings.add(code, describe);
  }

  #noteUnreadableTime(value: unknown, run: JsonObject, traceId: string): void {
    this.#warnings.add(
      'unreadable-time',
      (count) =>
        `${count} ${count === 1 ? 'time' : 'times'} of runs could not be read (first: “${(asText(value) ?? typeof value).slice(0, 40)}” of ${asText(run.name) || idOf(run)}); taken as missing.`,
      { traceId, spanId: idOf(run) },
    );
  }
}

function hasList(value: JsonObject): boolean {
  return listKeys.some((key) => Array.isArray(value[key]));
}

/**
 * Whether two records of one id are one run: its begin and its end, or copies in two lists. Within one list, two whole
 * records are two spans that share an id.
 */
function isSameRun(first: JsonObject, second: JsonObject, inOneList: boolean): boolean {
  const hasStart = isThere(first.start_time);
  if (hasStart !== isThere(second.start_time)) return true;
  if (hasStart && first.start_time !== second.start_time) return false;
  return !inOneList || isThere(first.end_time) !== isThere(second.end_time);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
