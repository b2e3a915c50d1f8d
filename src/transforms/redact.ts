import type { AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';

/**
 * What may be seen of a value: the value as it is, another one, or undefined to leave it out. Is asked for whole values and
 * for what lies within them, by path; see `redactTrace`. `span` is the span as the file has it.
 */
export type Redact = (key: string, value: AttributeValue, span: Span) => AttributeValue | undefined;
