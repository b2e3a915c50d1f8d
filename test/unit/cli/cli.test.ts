import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentRun, errorRun } from '../../../samples/index.ts';
import { runCli } from '../../../src/cli/run.ts';
import type { CliWorld } from '../../../src/cli/world.ts';
import { detectFormat, parseTraces } from '../../../src/core.ts';
import { testWorld } from '../../cliWorld.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
const plain = (trace_id: string, status = 'ok') => ({
  trace_id,
  spans: [
    { span_id: 'a', name: 'run', start_time: 0, end_time: 1, status },
    { span_id: 'b', parent_span_id: 'a', name: 'step \u001b[31m', start_time: 0.25, end_time: 0.75, status: 'ok' },
  ],
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanscope-cli-'));
  await writeFile(at('one.json'), JSON.stringify(plain('one')));
  await writeFile(at('two.json'), JSON.stringify([plain('two-a'), plain('two-b', 'error')]));
  await writeFile(at('zipped.json.gz'), gzipSync(JSON.stringify(plain('zipped'))));
  await writeFile(at('agent.json'), JSON.stringify(agentRun()));
  await writeFile(at('failed.json'), JSON.stringify(errorRun()));
  await writeFile(at('page.json'), '<html>no trace</html>');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: string[], given: Partial<CliWorld> = {}) {
  const world = testWorld(given);
  const code = await runCli(args, world, '1.2.3');
  return { code, out: world.out(), err: world.err() };
}

const stdinOf = (text: string | Uint8Array): Partial<CliWorld> => ({
  stdinIsTerminal: false,
  stdin: (async function* () {
    yield typeof text === 'string' ? new TextEncoder().encode(text) : text;
  })(),
});

const summaryOfOne = `run succeeded in 1 s: 2 spans
trace one, 1970-01-01T00:00:00Z

✓ run              |██████████████████████████| 1000.0ms
 ✓ step \\u001b[31m |      ▐████████████▌      |  500.0ms
`;

describe('spanscope FILE', () => {
  it('prints a summary and the timeline, as wide as asked', async () => {
    const { code, out, err } = await run([at('one.json'), '--width', '56']);
    expect(out).toBe(summaryOfOne);
    expect([code, err]).toEqual([0, '']);
  });

  it('keeps to the width, the summary too', async () => {
    const { out } = await run([at('agent.json'), '--width', '50']);
    expect(out).toMatch(/^session succeeded in 8\.9 s\n33 spans, 5 model calls, 6 tool calls,\n5,531 tokens/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(50);
  });

  it('reads gzip, standard input and patterns', async () => {
    expect((await run([at('zipped.json.gz')])).out).toContain('trace zipped');
    expect((await run([], stdinOf(JSON.stringify(plain('piped'))))).out).toContain('trace piped');
    expect((await run(['-'], stdinOf(gzipSync(JSON.stringify(plain('piped')))))).out).toContain('trace piped');
    expect((await run([at('o*.json')])).out).toContain('trace one');
  });

  it('lists several traces, and shows the one that is asked for by the beginning of its id', async () => {
    const { out } = await run([at('one.json'), at('two.json')]);
    expect(out.split('\n').map((line) => line.trim().split(/ {2,}/).slice(0, 4))).toEqual([
      [`${at('one.json')}: json, 1 trace`],
      ['one', '1 s', '2 spans', 'run'],
      [`${at('two.json')}: json, 2 traces`],
      ['two-a', '1 s', '2 spans', 'run'],
      ['two-b', '1 s', '2 spans', '1 error'],
      [''],
      ['See one by --trace and its id, or the beginning of it.'],
      [''],
    ]);
    expect((await run([at('two.json'), '--trace', 'two-b'])).out).toMatch(/^run failed/);
    expect(await run([at('two.json'), '--trace', 'two'])).toMatchObject({
      code: 2,
      err: 'spanscope: 2 traces begin with two: give more of the id. See spanscope --help.\n',
    });
    expect(await run([at('two.json'), '--trace', 'x'])).toMatchObject({
      code: 1,
      err: 'spanscope: There is no trace x; there are 2: two-a, two-b.\n',
    });
  });

  it('colours where there is a terminal that has colours, and nobody said otherwise', async () => {
    const isColored = async (args: string[], given: Partial<CliWorld>) =>
      (await run([at('one.json'), ...args], given)).out.includes('\u001b[');
    expect(await isColored([], {})).toBe(false);
    expect(await isColored([], { stdoutIsTerminal: true })).toBe(true);
    expect(await isColored([], { stdoutIsTerminal: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await isColored([], { stdoutIsTerminal: true, env: { TERM: 'dumb' } })).toBe(false);
    expect(await isColored(['--no-color'], { stdoutIsTerminal: true })).toBe(false);
    expect(await isColored(['--color'], {})).toBe(true);
    expect(await isColored([], { env: { FORCE_COLOR: '1' } })).toBe(true);
  });

  it("fits the terminal's width, and stops after so many lines", async () => {
    const { out } = await run([at('agent.json'), '--no-color', '--limit', '5'], {
      stdoutIsTerminal: true,
      columns: 72,
    });
    const lines = out.trimEnd().split('\n');
    for (const line of lines.slice(3, -1)) expect(Array.from(line).length).toBeLessThanOrEqual(72);
    expect(lines.at(-1)).toMatch(/^… 28 lines more: --limit 0 prints all/);
  });

  it('filters, and says where a query cannot be understood before it reads anything', async () => {
    expect((await run([at('failed.json'), '--filter', 'status:error', '--ascii'])).out).toMatch(
      /\n\(\d+ of \d+ spans\)\n$/,
    );
    const { out } = await run([at('two.json'), '--filter', 'status:error']);
    expect(out).toMatch(/^run failed[\s\S]*trace two-b/);
    expect(out).not.toContain('two-a');
    expect((await run([at('two.json'), '--filter', 'nothing'])).out).toBe('No span matches in 2 traces.\n');
    const { code, err } = await run(['/no/such/file', '--filter', 'duration>']);
    expect(code).toBe(2);
    expect(err).toMatch(/^spanscope: --filter cannot be understood, at character \d+: .* See spanscope --help\.\n$/);
  });

  it('--fail-on error ends with 3 where a span failed', async () => {
    expect((await run([at('two.json'), '--fail-on', 'error'])).code).toBe(3);
    expect((await run([at('two.json'), '--fail-on', 'error', '--trace', 'two-a'])).code).toBe(0);
    expect((await run([at('two.json')])).code).toBe(0);
  });

  it('tells warnings of the file on standard error, unless it is to be quiet', async () => {
    const orphan = stdinOf(
      JSON.stringify({
        trace_id: 't',
        spans: [{ span_id: 'a', parent_span_id: 'x', name: 'n', start_time: 0, end_time: 1 }],
      }),
    );
    expect((await run([], orphan)).err).toMatch(/^warning: 1 span names a parent that is not in the trace/);
    expect((await run(['-q', at('one.json')])).err).toBe('');
  });

  it('tells how far it is on a long read, where standard error is a terminal', async () => {
    const slow = {
      stdinIsTerminal: false,
      stderrIsTerminal: true,
      stdin: (async function* () {
        const bytes = new TextEncoder().encode(JSON.stringify(plain('slow')));
        yield bytes.subarray(0, 10);
        await new Promise((resolve) => setTimeout(resolve, 600));
        yield bytes.subarray(10);
      })(),
    };
    expect((await run([], slow)).err).toContain('Reading standard input: 0 MB');
  });
});

describe('spanscope --to and --html', () => {
  it('writes each format, to standard output or a file, that reads back', async () => {
    for (const format of ['json', 'jaeger', 'otlp'] as const) {
      const { out, code } = await run([at('agent.json'), '--to', format]);
      expect(code).toBe(0);
      expect(detectFormat(out)).toBe(format);
      await run([at('agent.json'), '--to', format, '-o', at(`written.${format}`)]);
      expect(await readFile(at(`written.${format}`), 'utf8')).toBe(out);
    }
    expect((await run([at('agent.json'), '--to', 'markdown'])).out).toMatch(/^### `session` succeeded/);
  });

  it('keeps several traces in one file', async () => {
    for (const format of ['json', 'jaeger', 'otlp']) {
      const { traces } = parseTraces((await run([at('two.json'), '--to', format])).out);
      expect(
        traces.map(({ traceId, spanCount }) => [traceId, spanCount]),
        format,
      ).toEqual([
        ['two-a', 2],
        ['two-b', 2],
      ]);
    }
  });

  it('warns of what the format cannot hold', async () => {
    expect((await run([at('one.json'), '--to', 'otlp'])).err).toMatch(/^warning: 2 spans are written with an id/m);
    expect((await run([at('one.json'), '--to', 'otlp', '-q'])).err).toBe('');
  });

  it('writes a page with the viewer', async () => {
    const { code, err } = await run([at('one.json'), '--html', at('run.html')]);
    expect([code, err]).toEqual([0, `Wrote ${at('run.html')}, 0.0 MB.\n`]);
    expect(await readFile(at('run.html'), 'utf8')).toMatch(
      /<title>run · spanscope<\/title>[\s\S]*globalThis\.viewer = 1;/,
    );
  });
});

describe('a mistake is told in one line', () => {
  const mistakes: [args: string[], code: number, message: RegExp][] = [
    [['--nonsense'], 2, /Unknown option '--nonsense'/],
    [
      ['--to', 'xml', 'x'],
      2,
      /--to takes json, jaeger, otlp, markdown|--to takes jaeger, json, otlp, markdown, and not “xml”/,
    ],
    [['--width', '9', 'x'], 2, /--width takes a whole number of 40 or more, and not “9”/],
    [['--port', '70000', 'x'], 2, /from 0 to 65535/],
    [['--trace'], 2, /--trace/],
    [['--otlp'], 2, /--otlp needs --serve/],
    [['--output', 'x', 'y'], 2, /--output needs --to/],
    [['--serve', '--to', 'json', 'x'], 2, /one at a time/],
    [['--serve'], 2, /needs a file to show, or --otlp/],
    [[], 2, /No file is named/],
    [['/no/such/file.json'], 1, /\/no\/such\/file\.json cannot be read: there is no such file/],
    [['/no/such/*.json'], 1, /No file matches/],
    [[tmpdir()], 1, /it is a folder/],
    [['--to', 'json', '-o', '/no/such/folder/x'], 2, /No file is named/],
  ];
  for (const [args, expected, message] of mistakes) {
    it(`spanscope ${args.join(' ')}`, async () => {
      const { code, out, err } = await run(args);
      expect([code, out]).toEqual([expected, '']);
      expect(err).toMatch(message);
      expect(err).toMatch(/^spanscope: .*\n$/);
    });
  }

  it('also where a file is no trace, with what it seems to be', async () => {
    const { code, err } = await run([at('page.json')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^spanscope: .*page\.json cannot be read: .*HTML.*\n$/);
  });
});

it('--help has examples and every option, --version the version', async () => {
  const { code, out } = await run(['--help']);
  expect(code).toBe(0);
  for (const name of [
    'trace',
    'filter',
    'depth',
    'width',
    'limit',
    'color',
    'ascii',
    'quiet',
    'to',
    'output',
    'html',
    'serve',
    'otlp',
    'port',
    'max-body',
    'fail-on',
    'fail-over',
    'exact-names',
    'help',
    'version',
  ])
    expect(out).toContain(`--${name}`);
  expect(out).toContain('Examples\n');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  expect((await run(['-v'])).out).toBe('1.2.3\n');
});
