// What the core may use of its surroundings: globals that a browser, a worker and Node all have, and that the language's
// own library does not declare. Anything else (document, fetch, process) must not compile there, so keep this list short.

declare class TextEncoder {
  readonly encoding: string;
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(input?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}

declare const crypto: { getRandomValues(array: Uint8Array): Uint8Array };

declare const performance: { now(): number };

declare function setTimeout(callback: () => void, milliseconds?: number): unknown;

declare const console: {
  log(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
};
