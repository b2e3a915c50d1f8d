import { useCallback, useEffect, useState } from 'react';
import { decodeViewState, encodeViewState, type ViewState } from 'spanscope';

const mark = '#view=';

/**
 * What a person sees of a sample, kept in the page's address so that a reload, a bookmark and a link that is sent show it again.
 * Undefined until somebody has changed anything: the viewer opens where the answer is. A file of one's own is in no address, and
 * its state is not either.
 */
export function useAddressedView(
  sampleId: string,
): [view: ViewState | undefined, setView: (view: ViewState | undefined) => void] {
  const [view, setOwn] = useState(viewInAddress);
  const setView = useCallback(
    (next: ViewState | undefined) => {
      setOwn(next);
      const query = sampleId === '' ? '' : `?sample=${encodeURIComponent(sampleId)}`;
      const hash = sampleId === '' || !next ? '' : mark + encodeViewState(next);
      history.replaceState(null, '', location.pathname + query + hash);
    },
    [sampleId],
  );
  useEffect(() => {
    // By hand, or by a link on the same page.
    const onHashChange = () => setOwn(viewInAddress());
    addEventListener('hashchange', onHashChange);
    return () => removeEventListener('hashchange', onHashChange);
  }, []);
  return [view, setView];
}

/** The whole address of a sample as it is seen. */
export function linkTo(sampleId: string, view: ViewState): string {
  const query = `?sample=${encodeURIComponent(sampleId)}`;
  return location.origin + location.pathname + query + mark + encodeViewState(view);
}

function viewInAddress(): ViewState | undefined {
  return location.hash.startsWith(mark) ? decodeViewState(location.hash.slice(mark.length)) : undefined;
}
