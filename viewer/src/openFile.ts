import { type ParseResult, parseTraces } from 'spanscope';

/** What the viewer has open. */
export interface OpenedTraces {
  name: string;
  /** Undefined where the input could not be read; the view says why in its place. */
  result: ParseResult | undefined;
  input: string | object;
  /** The browser could not even get at the file. */
  fileError: string | undefined;
}

export function openInput(name: string, input: string | Uint8Array | object): OpenedTraces {
  try {
    return { name, result: parseTraces(input), input, fileError: undefined };
  } catch {
    return { name, result: undefined, input, fileError: undefined };
  }
}

export async function openFile(file: File): Promise<OpenedTraces> {
  try {
    return openInput(file.name, await bytesOf(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const fileError = `The browser could not read ${file.name} (${reason}). It may have been moved, or be a folder. Open it again.`;
    return { name: file.name, result: undefined, input: '', fileError };
  }
}

/** The file's bytes, unpacked where they are gzip's and the browser can. */
async function bytesOf(file: File): Promise<Uint8Array> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isGzip = first === 0x1f && second === 0x8b;
  if (!isGzip || typeof DecompressionStream === 'undefined') return new Uint8Array(await file.arrayBuffer());
  const unpacked = file.stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
