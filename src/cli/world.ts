/** What a command has around it: of the process, or of a test. */
export interface CliWorld {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Of the terminal, in cells. */
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  stdout(text: string): void;
  stderr(text: string): void;
  /** The text of the standalone script. */
  viewerScript(): Promise<string>;
  /** Aborts when the person wants to end what is served. */
  readonly signal: AbortSignal;
}
