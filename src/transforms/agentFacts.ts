import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import { queryOf } from './agentDocuments.ts';
import type { AgentKind } from './agentKindRules.ts';
import type { DecisionFacts, Evaluation, MemoryFacts, SoftFailure } from './agentSpan.ts';
import {
  at,
  booleanOf,
  decoded,
  firstText,
  firstValue,
  isList,
  isMap,
  known,
  nestedList,
  numberOf,
  own,
  textOf,
} from './agentValues.ts';

// What memories, decisions, evaluators and failures say of themselves.

export function memoryOf(attributes: Attributes, kind: AgentKind, name: string): MemoryFacts | undefined {
  if (kind !== 'memory') return undefined;
  const records = decoded(
    firstValue(attributes, ['gen_ai.memory.records', 'memory.records', 'memory.content', 'mlflow.spanOutputs']),
  );
  return {
    operation:
      firstText(attributes, ['memory.operation', 'gen_ai.memory.operation']) ??
      /^memory:(.+)$/s.exec(name)?.[1] ??
      operationOf(attributes),
    type: firstText(attributes, ['memory.type', 'gen_ai.memory.type']),
    store: firstText(attributes, ['gen_ai.memory.store.id', 'memory.store', 'memory.store.id']),
    recordId: firstText(attributes, ['gen_ai.memory.record.id', 'memory.id', 'memory.key']),
    query: queryOf(attributes),
    count:
      known(numberOf(firstValue(attributes, ['gen_ai.memory.record.count', 'memory.hits', 'memory.count']))) ??
      (isList(records) ? records.length : undefined),
    records,
  };
}

/** `search` of `search_memory`. */
function operationOf(attributes: Attributes): string | undefined {
  return /^(\w+?)_memory/.exec(firstText(attributes, ['gen_ai.operation.name']) ?? '')?.[1];
}

export function decisionOf(attributes: Attributes, kind: AgentKind, name: string): DecisionFacts | undefined {
  if (kind !== 'decision') return undefined;
  const handoff = textOf(own(attributes, 'span_data.to_agent'));
  const options = decoded(own(attributes, 'decision.options'));
  return {
    type: firstText(attributes, ['decision.type', 'span_data.type']) ?? /^decision:(.+)$/s.exec(name)?.[1],
    optionCount:
      known(numberOf(own(attributes, 'decision.option_count'))) ?? (isList(options) ? options.length : undefined),
    options: isList(options) ? options : [],
    chosen: decoded(own(attributes, 'decision.chosen')) ?? handoff,
    reason: firstText(attributes, ['decision.reason', 'decision.reasoning', 'decision.rationale']),
  };
}

export function evaluationsOf(span: Span): readonly Evaluation[] {
  const { attributes } = span;
  const ofEvents = span.events
    .filter(({ name }) => name === 'gen_ai.evaluation.result')
    .map((event) => semconvEvaluation(event.attributes));
  const own1 = hasOwnEvaluation(attributes) ? [semconvEvaluation(attributes)] : [];
  const annotated = ['annotations', 'evaluations'].flatMap((prefix) =>
    nestedList(attributes, prefix).map((item) =>
      evaluationIn(at(item, 'annotation') ?? at(item, 'evaluation') ?? item),
    ),
  );
  const scores = decoded(own(attributes, 'scores'));
  const assessments = decoded(own(span.resource, 'assessments'));
  const listed = [scores, assessments].flatMap((list) => (isList(list) ? list.map(evaluationIn) : []));
  return [...ofEvents, ...own1, ...annotated, ...listed].filter((evaluation) => evaluation !== undefined);
}

function hasOwnEvaluation(attributes: Attributes): boolean {
  return Object.hasOwn(attributes, 'gen_ai.evaluation.name');
}

function semconvEvaluation(attributes: Attributes): Evaluation {
  return {
    name: firstText(attributes, ['gen_ai.evaluation.name']) ?? '',
    score: known(numberOf(own(attributes, 'gen_ai.evaluation.score.value'))),
    label: firstText(attributes, ['gen_ai.evaluation.score.label']),
    explanation: firstText(attributes, ['gen_ai.evaluation.explanation']),
  };
}

/** OpenInference's annotations, Langfuse's scores, MLflow's assessments. */
function evaluationIn(item: AttributeValue): Evaluation | undefined {
  const map = decoded(item);
  if (!isMap(map)) return undefined;
  const name = textOf(map.name ?? map.assessment_name);
  if (name === undefined) return undefined;
  const value = map.score ?? map.value ?? at(map, 'feedback', 'value');
  const score = known(numberOf(value));
  const label = textOf(map.label ?? map.stringValue ?? (score === undefined ? value : undefined));
  return { name, score, label, explanation: textOf(map.explanation ?? map.comment ?? map.rationale) };
}

/** Exceptions by which a graph waits for somebody, or goes on elsewhere. */
const interruptions = new Set([
  ...[
    'GraphInterrupt',
    'NodeInterrupt',
    'GraphBubbleUp',
    'Command',
    'ParentCommand',
    'CallDeferred',
    'ApprovalRequired',
  ],
]);

export function isInterruption(type: string | undefined): boolean {
  return type !== undefined && interruptions.has(type.slice(type.lastIndexOf('.') + 1));
}

const truncatedReasons = new Set([
  'length',
  'max_tokens',
  'max_output_tokens',
  'model_length',
  'max_completion_tokens',
]);
const filteredReasons = new Set([
  'content_filter',
  'content-filter',
  'safety',
  'content_filtered',
  'guardrail_intervened',
  'blocklist',
  'prohibited_content',
  'recitation',
]);

/** A span's events, or the source's. */
export interface RecordedEvents {
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
}

/** What went wrong although the status is no error. */
export function softFailureOf(
  span: Pick<Span, 'status' | 'statusMessage' | 'attributes'> & RecordedEvents,
  kind: AgentKind,
  finishReason: string | undefined,
  success: boolean | undefined,
): SoftFailure | undefined {
  const { attributes } = span;
  if (span.status === 'error') {
    const type = exceptionOf(span)?.type;
    return isInterruption(type) ? { reason: 'interrupted', message: span.statusMessage ?? type } : undefined;
  }
  if (kind === 'tool' && success === false)
    return {
      reason: 'tool-failed',
      message: span.statusMessage ?? firstText(attributes, ['tool.error', 'error.message', 'error.type']),
    };
  const triggered =
    booleanOf(own(attributes, 'span_data.triggered')) ?? booleanOf(own(attributes, 'guardrail_triggered'));
  if (triggered) return { reason: 'guardrail', message: firstText(attributes, ['span_data.name']) };
  const reason = finishReason?.toLowerCase();
  if (reason !== undefined && truncatedReasons.has(reason)) return { reason: 'truncated', message: undefined };
  if (reason !== undefined && filteredReasons.has(reason)) return { reason: 'content-filter', message: undefined };
  if (reason === 'refusal') return { reason: 'refusal', message: undefined };
  const level = firstText(attributes, ['langfuse.observation.level', 'level'])?.toUpperCase();
  if (level === 'WARNING')
    return {
      reason: 'warning',
      message: span.statusMessage ?? firstText(attributes, ['langfuse.observation.status_message']),
    };
  if (level === 'ERROR' || numberOf(own(attributes, 'logfire.level_num')) >= 17)
    return {
      reason: 'logged-error',
      message: span.statusMessage ?? firstText(attributes, ['langfuse.observation.status_message', 'logfire.msg']),
    };
  return undefined;
}

/** The first exception that was recorded on the span. */
export function exceptionOf(
  span: RecordedEvents,
): { type: string | undefined; message: string | undefined } | undefined {
  for (const { name, attributes } of span.events) {
    if (name !== 'exception' && !Object.hasOwn(attributes, 'exception.type')) continue;
    return {
      type: firstText(attributes, ['exception.type', 'type']),
      message: firstText(attributes, ['exception.message', 'message']),
    };
  }
  return undefined;
}

const parameterKeys: readonly (readonly [prefix: string, pick: ReadonlySet<string> | undefined])[] = [
  ['gen_ai.request.', undefined],
  ['ai.settings.', undefined],
  ['llm.request.parameters.', undefined],
];
const notParameters = new Set([
  'model',
  'model_name',
  'tools',
  'messages',
  'functions',
  '_type',
  'id',
  'instructions',
  'input',
]);
const parameterObjects = [
  'llm.invocation_parameters',
  'langfuse.observation.model.parameters',
  'modelParameters',
  'span_data.model_config',
];
const plainParameters: ReadonlyMap<string, string> = new Map([
  ['llm.temperature', 'temperature'],
  ['llm.top_p', 'top_p'],
  ['llm.max_tokens', 'max_tokens'],
]);

/** Under their short names; what is empty, or a text that says so, is left out. */
export function parametersOf(attributes: Attributes): Attributes {
  const parameters = Object.create(null) as Record<string, AttributeValue>;
  const enter = (name: string, value: AttributeValue | undefined) => {
    if (value === undefined || value === null || value === '' || value === 'null' || name === '__proto__') return;
    if (!notParameters.has(name) && !(name in parameters)) parameters[name] = value;
  };
  for (const key of Object.keys(attributes)) {
    const short = plainParameters.get(key);
    if (short !== undefined) enter(short, own(attributes, key));
    for (const [prefix] of parameterKeys)
      if (key.startsWith(prefix)) enter(key.slice(prefix.length), own(attributes, key));
  }
  for (const key of parameterObjects) enterAll(own(attributes, key), enter);
  const extra = decoded(own(attributes, 'extra'));
  enterAll(at(extra, 'invocation_params'), enter);
  enter('temperature', at(extra, 'metadata', 'ls_temperature'));
  enter('max_tokens', at(extra, 'metadata', 'ls_max_tokens'));
  const config = at(decoded(own(attributes, 'gcp.vertex.agent.llm_request')), 'config');
  if (isMap(config))
    for (const key of Object.keys(config))
      if (!isMap(config[key]) && !isList(config[key]) && key !== 'system_instruction') enter(key, config[key]);
  return parameters;
}

function enterAll(
  value: AttributeValue | undefined,
  enter: (name: string, value: AttributeValue | undefined) => void,
): void {
  const object = decoded(value);
  if (isMap(object)) for (const key of Object.keys(object)) enter(key, object[key]);
}
