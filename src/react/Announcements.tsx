'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';

const AnnounceContext = createContext<(text: string) => void>(() => {});

const keptFor = 4000;

/** Says a text to assistive technology. Says nothing outside of `Announcements`. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}

/** One live region for all that is below it: a region that comes into the document with its text already in it is not read. */
export function Announcements({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ text: '', count: 0 });
  const announce = useCallback((text: string) => setSaid(({ count }) => ({ text, count: count + 1 })), []);
  useEffect(() => {
    if (said.text === '') return;
    const timer = setTimeout(() => setSaid(({ count }) => ({ text: '', count })), keptFor);
    return () => clearTimeout(timer);
  }, [said]);
  // The same text twice must be another text to be read twice.
  const mark = said.text !== '' && said.count % 2 === 0 ? '\u00a0' : '';
  return (
    <AnnounceContext.Provider value={announce}>
      {children}
      <div className="spanscope-visually-hidden" role="status">
        {said.text + mark}
      </div>
    </AnnounceContext.Provider>
  );
}
