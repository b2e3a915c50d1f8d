import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import { parseTraces, type Trace } from '../../../src/core.ts';
import { statusCode } from '../../../src/model/columns.ts';
import { textWidth } from '../../../src/text/printableText.ts';
import { testWorld } from '../../cliWorld.ts';
import { corpusNote, corpusPath, corpusTraceFiles, corpusTraces, hasCorpus } from '../../corpus.ts';

const files = corpusTraceFiles();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanscope-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const world = testWorld();
  const code = await runCli(args, world, '1.2.3');
  return { code, out: world.out(), err: world.err() };
}

const hasFailed = (trace: Trace) => trace.columns.status.subarray(0, trace.spanCount).includes(statusCode.error);
const counts = (traces: readonly Trace[]) => traces.map(({ spanCount }) => spanCount).sort((a, b) => a - b);

/** What would move a terminal's cursor, or colour what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

function expectPrintable(text: string, width: number, of: string) {
  expect(control.test(text), of).toBe(false);
  for (const line of text.split('\n')) expect(textWidth(line), `${of}: ${line}`).toBeLessThanOrEqual(width);
}

describe.skipIf(!hasCorpus)(`the command on each real file${corpusNote}`, () => {
  it.each(files)('%s is printed, filtered, converted and put into a page', async (file) => {
    const traces = corpusTraces(file);
    const given = corpusPath(file);
    const failed = traces.filter(hasFailed);

    const whole = await run(given, '--width', '80', '--fail-on', 'error');
    expect(whole.code, whole.err).toBe(failed.length > 0 ? 3 : 0);

    // The trace with the most spans, by its id, has a line for each.
    const [largest] = [...traces].sort((a, b) => b.spanCount - a.spanCount);
    const one = await run(given, '--trace', largest!.traceId, '--width', '80', '--quiet');
    expect([one.code, one.err]).toEqual([0, '']);
    expectPrintable(one.out, 80, file);
    expectPrintable((await run(given, '--trace', largest!.traceId, '--width', '40', '-q')).out, 40, file);
    const [, ...timeline] = one.out.split('\n\n');
    expect(timeline.join('\n\n').trimEnd().split('\n').length).toBe(largest!.spanCount);
    if (traces.length === 1) expect(whole.out).toBe(one.out);
    else for (const { traceId } of traces) expect(whole.out).toContain(traceId.slice(0, 32));

    const errors = await run(given, '--filter', 'status:error', '--quiet');
    expect(errors.code).toBe(0);
    if (failed.length > 0) expect(errors.out).toMatch(/[✗×!]/u);
    else expect(errors.out).toMatch(/^No span matches|no span matches/m);

    for (const to of ['json', 'jaeger', 'otlp'] as const) {
      const back = parseTraces((await run(given, '--to', to, '--quiet')).out).traces;
      expect(counts(back), to).toEqual(counts(traces));
    }
    expect((await run(given, '--to', 'markdown', '--quiet')).out).toContain('|');

    const page = path.join(folder, 'page.html');
    expect((await run(given, '--html', page)).code).toBe(0);
    const [, packed = ''] = /id="spanscope-trace">([\w+/=]*)<\/script>/.exec(await readFile(page, 'utf8')) ?? [];
    expect(counts(parseTraces(gunzipSync(Buffer.from(packed, 'base64'))).traces)).toEqual(counts(traces));
  });
});
