import {
  type Attributes,
  type AttributeValue,
  cachedDetails,
  type DetailSource,
  type InstrumentationScope,
  type SpanDetails,
  setAttribute,
} from '../model/details.ts';
import type { Span, Trace } from '../model/trace.ts';
import { decodedObject, isList, isMap } from './agentValues.ts';

/**
 * What may be seen of a value: the value as it is, another one, or undefined to leave it out. Is asked for whole values and
 * for what lies within them, by path; see `redactTrace`. `span` is the span as the file has it.
 */
export type Redact = (key: string, value: AttributeValue, span: Span) => AttributeValue | undefined;

/**
 * A trace of which nobody sees more than `redact` lets through: no view, search, raw source, copy, statistics or writer, for
 * they all read from the trace that they are given. Times, ids and how spans lie within each other stay.
 *
 * `redact` is asked for:
 *
 * | what | key |
 * |---|---|
 * | attributes of a span, its events, links, resource and scope | the attribute's own |
 * | what lies within a value | the path: `gen_ai.input.messages.0.parts.0.content` |
 * | the name of a span, once for each name of the trace, with the first span of that name | `span.name` |
 * | the name of a service, in the same way | `service.name` |
 * | the message of a status, the name of an event, the name and version of a scope, a link's trace state | `status.message`, `event.name`, `scope.name`, `scope.version`, `trace_state` |
 *
 * A value is asked for before what lies within it; one that comes back changed is not looked into again. JSON text is opened,
 * text within text too (four times), and written anew only where something within changed; what is no sound JSON is asked for
 * as a whole. An item left out of a list becomes null, so that the others keep
 * their places. A callback that throws, or what lies more than 200 levels deep, shows nothing.
 */
export function redactTrace(trace: Trace, redact: Redact): Trace {
  const indexes = new RowIndexes(trace);
  const wrap = (source: DetailSource): DetailSource =>
    cachedDetails(
      (row) => row,
      (row) =>
        redactDetails(
          source.readOnce ? source.readOnce(row) : source.read(row),
          new Redactor(redact, trace.spanAt(indexes.of(row))),
        ),
    );
  const { columns } = trace;
  return trace.withDetails(wrap, {
    names: redactTexts(trace, redact, 'span.name', columns.names, columns.name),
    serviceNames: redactTexts(trace, redact, 'service.name', columns.serviceNames, columns.service),
  });
}

/** Where the spans of the file stand in the trace. Worked out when it is first asked for. */
class RowIndexes {
  readonly #trace: Trace;
  #indexes: Uint32Array | undefined;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  of(row: number): number {
    if (!this.#indexes) {
      const { length, sourceOrder } = this.#trace.columns;
      this.#indexes = new Uint32Array(length);
      for (let index = 0; index < length; index++) this.#indexes[sourceOrder[index]!] = index;
    }
    return this.#indexes[row]!;
  }
}

function redactTexts(
  trace: Trace,
  redact: Redact,
  key: string,
  texts: readonly string[],
  column: Uint32Array,
): string[] {
  const first = new Map<number, number>();
  for (let index = 0; index < column.length && first.size < texts.length; index++) {
    if (!first.has(column[index]!)) first.set(column[index]!, index);
  }
  return texts.map((text, number) => {
    const index = first.get(number);
    if (index === undefined) return '';
    return new Redactor(redact, trace.spanAt(index)).text(key, text) ?? '';
  });
}

function redactDetails(details: SpanDetails, redactor: Redactor): SpanDetails {
  return {
    statusMessage: redactor.text('status.message', details.statusMessage),
    attributes: redactor.attributes(details.attributes),
    events: details.events.map(({ name, timeUnixNano, attributes }) => ({
      name: redactor.text('event.name', name) ?? '',
      timeUnixNano,
      attributes: redactor.attributes(attributes),
    })),
    links: details.links.map(({ traceState, ...link }) => {
      const state = redactor.text('trace_state', traceState);
      return {
        ...link,
        attributes: redactor.attributes(link.attributes),
        ...(state === undefined ? {} : { traceState: state }),
      };
    }),
    resource: redactor.attributes(details.resource),
    scope: details.scope && redactScope(details.scope, redactor),
  };
}

function redactScope(scope: InstrumentationScope, redactor: Redactor): InstrumentationScope {
  const version = redactor.text('scope.version', scope.version);
  return {
    name: redactor.text('scope.name', scope.name) ?? '',
    ...(version === undefined ? {} : { version }),
    ...(scope.attributes === undefined ? {} : { attributes: redactor.attributes(scope.attributes) }),
  };
}

const deepest = 200;
/** Of texts in texts. */
const deepestText = 4;

type MutableMap = Record<string, AttributeValue>;

/** A value that is looked into, and the copy of it that what may be seen is entered into. */
interface Opened {
  readonly from: AttributeValue;
  readonly to: MutableMap | AttributeValue[];
  readonly path: string;
  readonly depth: number;
}

class Redactor {
  readonly #redact: Redact;
  readonly #span: Span;
  /** Whether anything within the value that is looked into was changed. */
  #hasChanged = false;

  constructor(redact: Redact, span: Span) {
    this.#redact = redact;
    this.#span = span;
  }

  text(key: string, text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const seen = this.#value(key, text, 0);
    return seen === undefined || seen === null ? undefined : typeof seen === 'string' ? seen : JSON.stringify(seen);
  }

  attributes(attributes: Attributes): Attributes {
    const seen: MutableMap = {};
    for (const key of Object.keys(attributes)) {
      const value = this.#value(key, attributes[key]!, 0);
      if (value !== undefined) setAttribute(seen, key, value);
    }
    return seen;
  }

  #ask(key: string, value: AttributeValue): AttributeValue | undefined {
    try {
      return this.#redact(key, value, this.#span);
    } catch {
      return undefined;
    }
  }

  #value(key: string, value: AttributeValue, textDepth: number): AttributeValue | undefined {
    const seen = this.#ask(key, value);
    if (seen !== value && !(Number.isNaN(seen) && Number.isNaN(value))) {
      this.#hasChanged = true;
      return seen;
    }
    if (typeof value === 'string') return this.#jsonText(key, value, textDepth);
    return isContainer(value) ? this.#within(key, value, textDepth) : value;
  }

  #jsonText(key: string, text: string, textDepth: number): string {
    const inner = textDepth < deepestText ? decodedObject(text) : undefined;
    if (inner === undefined) return text;
    const hadChanged = this.#hasChanged;
    this.#hasChanged = false;
    const seen = this.#within(key, inner, textDepth + 1);
    const result = this.#hasChanged ? JSON.stringify(seen) : text;
    this.#hasChanged ||= hadChanged;
    return result;
  }

  /** By a stack of its own: hostile values are deep. */
  #within(key: string, value: AttributeValue, textDepth: number): AttributeValue {
    const result = emptyCopy(value);
    const open: Opened[] = [{ from: value, to: result, path: key, depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { from, to, path, depth } = next;
      const keys = isList(from) ? from.keys() : Object.keys(from as object);
      for (const each of keys) {
        const inner = (from as Record<string | number, AttributeValue>)[each]!;
        const seen = this.#item(`${path}.${each}`, inner, textDepth, depth, open);
        if (Array.isArray(to)) to.push(seen ?? null);
        else if (seen !== undefined) setAttribute(to, String(each), seen);
      }
    }
    return result as AttributeValue;
  }

  #item(
    path: string,
    value: AttributeValue,
    textDepth: number,
    depth: number,
    open: Opened[],
  ): AttributeValue | undefined {
    if (!isContainer(value)) return this.#value(path, value, textDepth);
    const seen = depth < deepest ? this.#ask(path, value) : undefined;
    if (seen !== value) {
      this.#hasChanged = true;
      return seen;
    }
    const copy = emptyCopy(value);
    open.push({ from: value, to: copy, path, depth: depth + 1 });
    return copy as AttributeValue;
  }
}

function isContainer(value: AttributeValue): boolean {
  return isMap(value) || isList(value);
}

function emptyCopy(value: AttributeValue): MutableMap | AttributeValue[] {
  return isList(value) ? [] : {};
}
