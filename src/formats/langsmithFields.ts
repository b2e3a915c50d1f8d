import type { SpanStatus } from '../model/columns.ts';
import type { Attributes, SourceEvent, SpanDetails } from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano } from '../model/time.ts';
import { attributesBeside, keepAttribute } from './apiRecord.ts';
import { setTime } from './plainTime.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

// What the fields of LangSmith's runs are called and how they are spelled.

export function idOf(run: JsonObject): string {
  return asText(run.id) ?? '';
}

export function traceIdOf(run: JsonObject): string | undefined {
  return asText(run.trace_id) || undefined;
}

const noUuid = '00000000-0000-0000-0000-000000000000';

export function parentIdOf(run: JsonObject): string | undefined {
  const id = asText(run.parent_run_id);
  return id === noUuid ? undefined : id || undefined;
}

/** The API gives all ancestors too, the root first. */
export function lastParentIdOf(run: JsonObject): string | undefined {
  return asText(asArray(run.parent_run_ids).at(-1)) || undefined;
}

export function childRunsOf(run: JsonObject): readonly unknown[] {
  return asArray(run.child_runs);
}

/** LangSmith calls a project a session too; `session_id` is its id. */
export function projectNameOf(record: JsonObject): string | undefined {
  const name = record.session_name ?? record.project_name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

const segmentForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{0,9})Z(.+)$/;

/** The last segment of a `dotted_order`, `20240429T004912090000Z11111111-1111-1111-1111-111111111111`: start and id. */
export function segmentOf(path: unknown): { time: string; id: string } | undefined {
  if (typeof path !== 'string') return undefined;
  const match = segmentForm.exec(path.slice(path.lastIndexOf('.') + 1));
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, id] = match;
  const decimals = fraction === '' ? '' : `.${fraction}`;
  return { time: `${year}-${month}-${day}T${hour}:${minute}:${second}${decimals}Z`, id: id! };
}

const statusWords: ReadonlyMap<unknown, SpanStatus> = new Map<unknown, SpanStatus>([
  ['success', 'ok'],
  ['error', 'error'],
  ['pending', 'unset'],
]);

/** LangGraph stops a run to wait for somebody, or to go on elsewhere, by an exception that is no failure. */
const interruption = /^(?:GraphInterrupt|NodeInterrupt|ParentCommand|Command)\(/;

export function statusOf({ status, error }: JsonObject): SpanStatus {
  const isInterrupted = typeof error === 'string' && interruption.test(error);
  if (isInterrupted) return 'unset';
  if (isFailure(error)) return 'error';
  return statusWords.get(status) ?? 'unset';
}

function isFailure(error: unknown): boolean {
  return typeof error === 'string' ? error.trim() !== '' : typeof error === 'object' && error !== null;
}

/** What surrounds a list of runs. */
export interface RunContext {
  traceId: string | undefined;
  projectName: string | undefined;
  resource: Attributes;
}

/** What the object around a list says beside the list, as of the project: it holds for all runs. */
export function resourceOf(container: JsonObject, lists: readonly string[]): Attributes {
  return attributesBeside(container, new Set([...lists, 'trace_id', 'session_name', 'project_name', 'cursors']));
}

const knownFields = new Set([
  ...['id', 'trace_id', 'name', 'parent_run_id', 'child_runs', 'start_time', 'end_time', 'status', 'error', 'events'],
]);

export function readRunDetails(run: JsonObject, context: RunContext): SpanDetails {
  const attributes = attributesBeside(run, knownFields);
  const unused: TimePoint = { seconds: NaN, nanos: NaN };
  for (const key of ['start_time', 'end_time']) {
    if (!setTime(unused, run[key])) keepAttribute(attributes, key, run[key]);
  }
  if (!statusWords.has(run.status)) keepAttribute(attributes, 'status', run.status);
  if (!Array.isArray(run.child_runs)) keepAttribute(attributes, 'child_runs', run.child_runs);
  if (!Array.isArray(run.events)) keepAttribute(attributes, 'events', run.events);
  const statusMessage = messageOf(run.error);
  if (statusMessage !== run.error) keepAttribute(attributes, 'error', run.error);
  return {
    statusMessage,
    attributes,
    events: asArray(run.events).map(eventOf),
    links: [],
    resource: context.resource,
    scope: undefined,
  };
}

const traceback = 'Traceback (most recent call last):';

/**
 * An error is the exception in words, and often its traceback behind them, which may begin on the same line. The whole stays
 * in the attribute `error` where the message is not all of it.
 */
function messageOf(error: unknown): string | undefined {
  if (typeof error !== 'string' || error === '') return undefined;
  const at = error.indexOf(traceback);
  return at > 0 ? error.slice(0, at).trim() || error : error;
}

const knownOfEvent = new Set(['name', 'time']);

function eventOf(event: unknown): SourceEvent {
  if (!isObject(event)) return { name: asText(event) ?? 'event', timeUnixNano: undefined, attributes: {} };
  const time: TimePoint = { seconds: NaN, nanos: NaN };
  const attributes = attributesBeside(event, knownOfEvent);
  if (!setTime(time, event.time)) keepAttribute(attributes, 'time', event.time);
  return {
    name: asText(event.name) ?? 'event',
    timeUnixNano: isKnown(time) ? toUnixNano(time) : undefined,
    attributes,
  };
}
