import { type SpanKind, type SpanStatus, spanKinds, spanStatuses } from '../model/columns.ts';

/** Undefined for what says no kind. */
export const kindOf = enumReader<SpanKind>(spanKinds, 'SPAN_KIND_');

/** Undefined for what says no status. */
export const statusOf = enumReader<SpanStatus>(spanStatuses, 'STATUS_CODE_');

/** An enum of protobuf as its number, the number as text, its name ("SPAN_KIND_CLIENT") or the name's last part ("Client"). */
function enumReader<T extends string>(names: readonly T[], prefix: string): (value: unknown) => T | undefined {
  const known = new Map<unknown, T>();
  for (const [code, name] of names.entries()) {
    const upperCase = name.toUpperCase();
    for (const spelling of [code, String(code), upperCase, prefix + upperCase]) known.set(spelling, name);
  }
  return (value) => known.get(value) ?? (typeof value === 'string' ? known.get(value.trim().toUpperCase()) : undefined);
}
