import { type ForwardedRef, type RefObject, useCallback } from 'react';

/** One ref callback for our own ref and the caller's. */
export function useMergedRef<T>(own: RefObject<T | null>, given: ForwardedRef<T>): (element: T | null) => void {
  return useCallback(
    (element: T | null) => {
      (own as { current: T | null }).current = element;
      if (typeof given === 'function') given(element);
      else if (given) given.current = element;
    },
    [own, given],
  );
}
