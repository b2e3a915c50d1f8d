import { useCallback, useState } from 'react';

/**
 * One piece of view state as a triad: the owner's `value` where there is one, else state of our own that begins with
 * `defaultValue` and begins anew when `resetKey` changes (another trace in the same place).
 */
export function useControlled<Value>(
  value: Value | undefined,
  defaultValue: Value,
  resetKey: unknown,
): [value: Value, set: (value: Value) => void] {
  const [own, setOwn] = useState({ value: defaultValue, resetKey });
  const set = useCallback((next: Value) => setOwn({ value: next, resetKey }), [resetKey]);
  if (own.resetKey !== resetKey) setOwn({ value: defaultValue, resetKey });
  return [value !== undefined ? value : own.resetKey === resetKey ? own.value : defaultValue, set];
}
