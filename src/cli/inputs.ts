import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { ParseResult } from '../formats/parseTraces.ts';
import { TraceFormatError } from '../formats/traceFormatError.ts';
import { readTraces } from '../read/readTraces.ts';
import { UsageError } from './usageError.ts';
import type { CliWorld } from './world.ts';

export interface ReadFile {
  /** As the command names it. */
  readonly name: string;
  readonly result: ParseResult;
}

/** What could not be read; the message is one line. */
export class ReadError extends Error {}

/**
 * Reads what the command names, one after another.
 *
 * @throws ReadError, UsageError
 */
export async function readInputs(files: readonly string[], world: CliWorld, isQuiet: boolean): Promise<ReadFile[]> {
  const names = await expanded(files, world);
  const read: ReadFile[] = [];
  for (const name of names) read.push({ name, result: await readInput(name, world, isQuiet) });
  return read;
}

async function expanded(files: readonly string[], world: CliWorld): Promise<string[]> {
  if (files.length === 0) {
    if (world.stdinIsTerminal) throw new UsageError('No file is named, and nothing comes from standard input.');
    return ['-'];
  }
  const names: string[] = [];
  for (const file of files) {
    if (file === '-' || (await exists(file)) || !isDynamicPattern(file)) names.push(file);
    else names.push(...(await matching(file)));
  }
  return [...new Set(names)];
}

/** Whether there is such a file or folder. */
export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function matching(pattern: string): Promise<string[]> {
  const found = await glob(pattern, { onlyFiles: true, expandDirectories: false });
  if (found.length === 0) throw new ReadError(`No file matches ${pattern}.`);
  return found.sort();
}

/** @throws ReadError */
export async function readInput(name: string, world: CliWorld, isQuiet: boolean): Promise<ParseResult> {
  const progress = new Progress(name === '-' ? 'standard input' : name, world, isQuiet);
  try {
    const size = name === '-' ? undefined : await sizeOf(name);
    const source = name === '-' ? world.stdin : createReadStream(name, { highWaterMark: 1024 * 1024 });
    return await readTraces(source, {
      onProgress: ({ bytes, spans }) => progress.show(bytes, size, spans),
    });
  } catch (error) {
    throw new ReadError(`${name === '-' ? 'Standard input' : name} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    progress.clear();
  }
}

async function sizeOf(name: string): Promise<number> {
  const { size, isFile } = await stat(name).then((found) => ({ size: found.size, isFile: !found.isDirectory() }));
  if (!isFile) throw new Error(`it is a folder. Name its files: '${name.replace(/\/$/, '')}/*.json'.`);
  return size;
}

function reasonOf(error: unknown): string {
  if (error instanceof TraceFormatError) {
    const { position, message } = error;
    return position ? `${message} (line ${position.line}, column ${position.column})` : message;
  }
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file.';
    case 'EACCES':
    case 'EPERM':
      return 'that is not allowed.';
    default:
      return (error as Error).message;
  }
}

/** What takes less is not worth a line that comes and goes. */
const patienceMs = 400;
const betweenMs = 100;

/** One line on standard error while a long file is read, where that is a terminal. */
class Progress {
  readonly #name: string;
  readonly #world: CliWorld;
  readonly #isShown: boolean;
  #next = performance.now() + patienceMs;
  #hasLine = false;

  constructor(name: string, world: CliWorld, isQuiet: boolean) {
    this.#name = name;
    this.#world = world;
    this.#isShown = !isQuiet && world.stderrIsTerminal;
  }

  show(bytes: number, size: number | undefined, spans: number): void {
    const now = performance.now();
    if (!this.#isShown || now < this.#next) return;
    this.#next = now + betweenMs;
    this.#hasLine = true;
    const share = size ? `${Math.min(100, Math.floor((bytes / size) * 100))} %` : `${Math.round(bytes / 1e6)} MB`;
    this.#world.stderr(`\r\u001b[2KReading ${this.#name}: ${share}, ${spans.toLocaleString('en')} spans`);
  }

  clear(): void {
    if (this.#hasLine) this.#world.stderr('\r\u001b[2K');
  }
}
