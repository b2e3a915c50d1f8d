import { createContext, type SyntheticEvent, useContext } from 'react';
import type { Trace } from '../model/trace.ts';
import type { TraceFacts } from './traceFacts.ts';

/** Whether texts of models are read as Markdown or stand as they are. */
export type TextMode = 'markdown' | 'text';

/** What the parts of a span's details share. */
export interface DetailsContextValue {
  trace: Trace;
  facts: TraceFacts;
  textMode: TextMode;
  setTextMode: (mode: TextMode) => void;
  allowRemoteMedia: boolean;
  /** Selects another span of the trace. */
  follow: (key: string, event: SyntheticEvent) => void;
}

const DetailsContext = createContext<DetailsContextValue | undefined>(undefined);

export const DetailsProvider = DetailsContext.Provider;

export function useDetails(): DetailsContextValue {
  const value = useContext(DetailsContext);
  if (!value) throw new Error('This part of the details stands outside of them.');
  return value;
}
