import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ReadError } from './inputs.ts';
import type { CliWorld } from './world.ts';

export { runCli } from './run.ts';

/** From the package's root. Not `new URL('…', import.meta.url)`, which bundlers take for a file to bring along. */
const packed = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url.replace(/\/cli\/[^/]*$/, '/')));

/** What surrounds the running command. */
export function processWorld(): CliWorld {
  const { stdin, stdout, stderr, env } = process;
  // `spanscope run.json | head` closes the pipe when it has enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return {
    stdin,
    stdinIsTerminal: stdin.isTTY === true,
    stdoutIsTerminal: stdout.isTTY === true,
    stderrIsTerminal: stderr.isTTY === true,
    columns: stdout.columns,
    env,
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    viewerScript,
    get signal() {
      return endSignal();
    },
  };
}

/** Only where somebody waits for it: else Ctrl+C ends the process, as it does any. */
function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function viewerScript(): Promise<string> {
  const path = packed('dist/standalone.js');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ReadError(`The viewer's script is missing (${path}): install the package again.`, { cause: error });
  }
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packed('package.json'), 'utf8')) as { version: string }).version;
}
