import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';

/** A layout effect where there is a DOM; on a server React warns of one, and there is nothing to lay out. */
export const useIsomorphicLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** A function that never changes and always runs the last render's, so that rows need no re-render for its sake. */
export function useLatest<Args extends unknown[], Result>(
  callback: (...args: Args) => Result,
): (...args: Args) => Result {
  const latest = useRef(callback);
  useIsomorphicLayoutEffect(() => {
    latest.current = callback;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
