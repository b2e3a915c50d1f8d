import { type ParseResult, parseTraces, type ReadTrace, type TraceViewInput } from 'spanscope';

/** What the viewer has open. */
export interface OpenedTraces {
  name: string;
  isReading: boolean;
  /** Undefined while it is read, and where it could not be; the view says why in its place. */
  result: ParseResult | undefined;
  /** What the view is given. */
  input: TraceViewInput;
}

export function openInput(name: string, input: string | Uint8Array | object): OpenedTraces {
  try {
    const result = parseTraces(input);
    return { name, isReading: false, result, input: result };
  } catch {
    return { name, isReading: false, result: undefined, input };
  }
}

export function openFile({ name }: File, reading: ReadTrace): OpenedTraces {
  const { result, error } = reading;
  return { name, isReading: !result && !error, result, input: reading };
}
