import { onTestFinished, vi } from 'vitest';
import { cdp } from 'vitest/browser';

export interface Drawing {
  /** How often a canvas was cleared to be drawn anew. */
  frames: number;
  /** The most calls in one of these frames. */
  most: number;
}

/** Counts what is drawn on canvases in each frame, until the test ends. */
export function countDrawing(): Drawing {
  const counted = { frames: 0, most: 0, now: 0 };
  const prototype = CanvasRenderingContext2D.prototype;
  const spies = (['fillRect', 'fill', 'stroke', 'fillText', 'drawImage', 'roundRect', 'putImageData'] as const).map(
    (name) => {
      const own = prototype[name] as (...args: unknown[]) => unknown;
      return vi.spyOn(prototype, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
        counted.now++;
        counted.most = Math.max(counted.most, counted.now);
        return own.apply(this, args) as never;
      });
    },
  );
  const clear = prototype.clearRect;
  spies.push(
    vi.spyOn(prototype, 'clearRect').mockImplementation(function (this: CanvasRenderingContext2D, ...args) {
      counted.frames++;
      counted.now = 0;
      return clear.apply(this, args);
    }) as never,
  );
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return counted;
}

const arrayNames = [
  ...(['Float64Array', 'Float32Array', 'Int32Array', 'Uint32Array'] as const),
  ...(['Int16Array', 'Uint16Array', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray'] as const),
];

/** Counts the bytes of typed arrays and pictures that `act` makes; views on what is there already are none. */
export async function bytesOfArrays(act: () => Promise<void>): Promise<number> {
  let bytes = 0;
  const own = arrayNames.map((name) => globalThis[name]);
  const globals = globalThis as unknown as Record<string, unknown>;
  for (const [at, name] of arrayNames.entries()) {
    globals[name] = new Proxy(own[at]!, {
      construct(target, args, newTarget) {
        const made = Reflect.construct(target, args, newTarget) as Uint8Array;
        if (!(args[0] instanceof ArrayBuffer)) bytes += made.byteLength;
        return made;
      },
    });
  }
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const slice = typedArray.slice;
  const sliced = vi.spyOn(typedArray, 'slice').mockImplementation(function (this: Uint8Array, ...args) {
    const made = slice.apply(this, args);
    bytes += made.byteLength;
    return made;
  });
  const pictures = CanvasRenderingContext2D.prototype.createImageData;
  const picture = vi.spyOn(CanvasRenderingContext2D.prototype, 'createImageData').mockImplementation(function (
    this: CanvasRenderingContext2D,
    ...args: unknown[]
  ) {
    const made = (pictures as (...args: unknown[]) => ImageData).apply(this, args);
    bytes += made.data.byteLength;
    return made;
  });
  try {
    await act();
  } finally {
    for (const [at, name] of arrayNames.entries()) globals[name] = own[at];
    sliced.mockRestore();
    picture.mockRestore();
  }
  return bytes;
}

/** Bytes of all objects that are made while `act` runs, those too that are collected meanwhile: of samples, so more or less. */
export async function bytesOfObjects(act: () => Promise<void>): Promise<number> {
  const session = cdp() as unknown as {
    send(method: string, options?: object): Promise<{ profile: { samples: { size: number }[] } }>;
  };
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.startSampling', {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await act();
  const { profile } = await session.send('HeapProfiler.stopSampling');
  await session.send('HeapProfiler.disable');
  return totalOf(profile as unknown as ProfileTree);
}

interface ProfileTree {
  head: ProfileNode;
}

interface ProfileNode {
  selfSize: number;
  callFrame: { url: string };
  children: ProfileNode[];
}

/** Of a page under test its tools make objects as well: what the package's own functions call is what counts. */
function totalOf({ head }: ProfileTree): number {
  const within = (node: ProfileNode, isOurs: boolean): number => {
    const ours = isOurs || /\/src\/(react|layout|model|transforms)\//.test(node.callFrame.url);
    return node.children.reduce((sum, child) => sum + within(child, ours), ours ? node.selfSize : 0);
  };
  return within(head, false);
}
