/** In ms, to the end of the first frame that shows the effect. */
export interface Latency {
  /** From the browser's own time stamp of the input: with the time that the browser took to bring it to the page. */
  fromInput: number;
  /** From when the page's first listener was called. */
  inPage: number;
}

/**
 * From the next `eventType` to the end of the first frame in which `isShown` is true. The message posted in an animation
 * frame is delivered when that frame's style, layout and paint are done.
 */
export function latencyOf(eventType: string, isShown: () => boolean): Promise<Latency> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const eachFrame = () => port2.postMessage(null);
    const onEvent = (event: Event) => {
      const arrived = performance.now();
      port1.onmessage = () => {
        const now = performance.now();
        if (isShown()) resolve({ fromInput: now - event.timeStamp, inPage: now - arrived });
        else requestAnimationFrame(eachFrame);
      };
      requestAnimationFrame(eachFrame);
    };
    addEventListener(eventType, onEvent, { capture: true, once: true, passive: true });
  });
}

/** The distances between frames for so many ms, and the longest task among them where the browser tells. */
export function recordFrames(duration: number): Promise<{ distances: number[]; longTasks: number[] }> {
  return new Promise((resolve) => {
    const distances: number[] = [];
    const longTasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longTasks.push(entry.duration);
    });
    observer.observe({ type: 'longtask' });
    const start = performance.now();
    let last = start;
    requestAnimationFrame(function next(now) {
      distances.push(now - last);
      last = now;
      if (now - start < duration) {
        requestAnimationFrame(next);
        return;
      }
      observer.disconnect();
      resolve({ distances: distances.slice(1), longTasks });
    });
  });
}
