import { createRandom } from '../../samples/random.ts';
import type { FormatName } from '../../src/core.ts';
import { damaged, soiledValue } from './damage.ts';
import { faultOf } from './properties.ts';
import { formCount, seedFile } from './seeds.ts';

export interface Failure {
  number: number;
  format: FormatName;
  form: string;
  damages: string[];
  fault: string;
  /** What could not be read rightly: a text, or a parsed file. */
  input: string | object;
}

/** A real file to damage beside those that are made here. */
export interface RealFile {
  format: FormatName;
  form: string;
  text: string;
}

/** One case: a file of each form in turn, damaged as text, or every fifth as a parsed file. */
export function fuzzCase(number: number, seed: number, realFiles: readonly RealFile[] = []): Failure | undefined {
  const random = createRandom(seed * 1_000_003 + number);
  const isReal = realFiles.length > 0 && number % 10 === 9;
  const file = isReal ? random.pick(realFiles) : seedFile(seed * 7919 * formCount + number);
  const { format, form } = file;
  let input: string | object;
  let damages: string[];
  const parsed = number % 5 === 4 ? parsedFile(file.text) : undefined;
  if (parsed !== undefined) {
    const value = soiledValue(parsed, random, random.pick([0.002, 0.01, 0.05]));
    input = typeof value === 'object' && value !== null ? value : { value };
    damages = ['soil'];
  } else {
    ({ text: input, damages } = damaged(file.text, random, seedFile(random.int(0, 1_000_000)).text));
  }
  const fault = faultOf(input, format);
  return fault === undefined ? undefined : { number, format, form, damages, fault, input };
}

function parsedFile(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The failing text with all lines, then all pieces, left out that the failure does not need. */
export function reduced({ input, format, fault }: Failure): string | object {
  if (typeof input !== 'string') return input;
  const kind = kindOf(fault);
  let text = input;
  const until = performance.now() + 20_000;
  for (let size = text.length >> 1; size >= 1; size = size >> 1) {
    for (let at = 0; at < text.length && performance.now() < until; ) {
      const shorter = text.slice(0, at) + text.slice(at + size);
      const found = shorter === '' ? undefined : faultOf(shorter, format);
      if (found !== undefined && kindOf(found) === kind) text = shorter;
      else at += size;
    }
  }
  return text;
}

function kindOf(fault: string): string {
  return fault.replace(/\d+ of \d+/, 'n of m').slice(0, 30);
}
