import { useEffect, useState } from 'react';

const loaded = new WeakMap<() => Promise<unknown>, unknown>();

/**
 * A module that only some views need, so that it is no part of an app's first script; undefined until it is here, and where
 * it cannot be loaded. No Suspense: a server and a first render show what can be shown without it. `load` is always the
 * same function.
 */
export function useOnDemand<Module>(load: () => Promise<Module>, isWanted: boolean): Module | undefined {
  const [, setCount] = useState(0);
  const module = loaded.get(load) as Module | undefined;
  useEffect(() => {
    if (!isWanted || loaded.has(load)) return;
    let isGone = false;
    load().then(
      (arrived) => {
        loaded.set(load, arrived);
        if (!isGone) setCount((count) => count + 1);
      },
      // Off line, or an app that was deployed anew: what is shown without it stays.
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, [load, isWanted]);
  return isWanted ? module : undefined;
}
