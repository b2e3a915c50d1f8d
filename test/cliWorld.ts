import type { CliWorld } from '../src/cli/world.ts';

export interface TestWorld extends CliWorld {
  out(): string;
  err(): string;
  end(): void;
}

/** A world without terminals, whose texts can be read; each part may be another. */
export function testWorld(given: Partial<CliWorld> = {}): TestWorld {
  let out = '';
  let err = '';
  const controller = new AbortController();
  return {
    stdin: (async function* () {})(),
    stdinIsTerminal: true,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: undefined,
    env: {},
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    viewerScript: async () => 'globalThis.viewer = 1;',
    signal: controller.signal,
    ...given,
    out: () => out,
    err: () => err,
    end: () => controller.abort(),
  };
}
