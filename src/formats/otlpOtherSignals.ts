import { readAnyValue } from './anyValue.ts';
import { asArray, isObject, type JsonObject } from './traceCollector.ts';

const logsFields = ['resourceLogs', 'resource_logs'] as const;
const otherFields = [...logsFields, 'resourceMetrics', 'resource_metrics', 'resourceProfiles', 'resource_profiles'];

/** Whether a value of OTLP holds logs, metrics or profiles, as the lines of a collector's file may. */
export function isOtherSignal(value: JsonObject): boolean {
  return otherFields.some((field) => Array.isArray(value[field]));
}

/**
 * How many of its log records are messages of a GenAI conversation. Instrumentations that follow the event-based
 * semantic conventions write prompts and answers there and nowhere in the spans.
 */
export function countGenAiMessages(value: JsonObject): number {
  let count = 0;
  for (const field of logsFields) {
    for (const resource of objects(value[field])) {
      for (const scope of objects(resource.scopeLogs ?? resource.scope_logs)) {
        for (const record of objects(scope.logRecords ?? scope.log_records)) {
          if (isGenAiMessage(record)) count++;
        }
      }
    }
  }
  return count;
}

function isGenAiMessage(record: JsonObject): boolean {
  const attribute = objects(record.attributes).find(({ key }) => key === 'event.name');
  const name = record.eventName ?? record.event_name ?? readAnyValue(attribute?.value);
  return typeof name === 'string' && /^gen_ai\.(?:[a-z]+\.message|choice|client\.inference)/.test(name);
}

function objects(value: unknown): JsonObject[] {
  return asArray(value).filter(isObject);
}
