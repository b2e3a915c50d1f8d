import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { agentRun, createRandom, htmlErrorPage, large, samples } from '../../../samples/index.ts';
import {
  type ParseResult,
  parseTraces,
  type ReadOptions,
  type ReadProgress,
  readTraces,
  TraceFormatError,
} from '../../../src/core.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';
import { contentOf } from '../../traceContent.ts';

const encoder = new TextEncoder();

/** As a stream of pieces, each of as many bytes as `next` says. */
async function* pieces(bytes: Uint8Array, next: () => number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.length; ) {
    const length = next();
    // A buffer of its own that is overwritten afterwards, as some streams do.
    const piece = new Uint8Array(bytes.subarray(from, from + length));
    yield piece;
    piece.fill(0x21);
    from += length;
  }
}

/** All that a result says; what was thrown where something was. */
async function outcome(read: () => ParseResult | Promise<ParseResult>): Promise<object> {
  try {
    const { traces, ...rest } = await read();
    return { ...rest, traces: traces.map(contentOf) };
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return { thrown: error.message, code: error.code, position: error.position };
  }
}

async function expectSame(bytes: Uint8Array, next: () => number, what: string): Promise<void> {
  const streamed = await outcome(() => readTraces(pieces(bytes, next)));
  expect(streamed, what).toEqual(await outcome(() => parseTraces(bytes)));
}

describe('readTraces', () => {
  it.runIf(hasCorpus)(`reads every real file as parseTraces does, whatever its pieces${corpusNote}`, async () => {
    const random = createRandom(3);
    for (const folder of corpusFolders) {
      for (const name of corpusFiles(folder)) {
        const bytes = corpusFile(`${folder}/${name}`);
        if (bytes.length > 3_000_000) continue;
        const file = name.endsWith('.gz') ? gunzipped(bytes) : bytes;
        await expectSame(file, () => 100_000, `${folder}/${name} in pieces of 100 kB`);
        if (file.length < 300_000)
          await expectSame(file, () => random.int(1, 999), `${folder}/${name} in random pieces`);
        if (file.length < 30_000) await expectSame(file, () => 1, `${folder}/${name} byte by byte`);
      }
    }
  });

  it.runIf(hasCorpus)(`reads damaged real files as parseTraces does${corpusNote}`, async () => {
    const random = createRandom(4);
    const files = corpusFolders.flatMap((folder) => corpusFiles(folder).map((name) => `${folder}/${name}`));
    const small = files.filter((file) => !file.endsWith('.gz') && corpusFile(file).length < 120_000);
    expect(small.length).toBeGreaterThan(15);
    for (const file of small) {
      for (let round = 0; round < 6; round++) {
        const damaged = withDamage(corpusFile(file), random);
        await expectSame(damaged, () => random.int(1, 40_000), `${file}, damage ${round}`);
      }
    }
  });

  it('reads every sample as parseTraces does', async () => {
    for (const sample of samples) {
      const loaded: unknown = sample.load();
      const text = typeof loaded === 'string' ? loaded : JSON.stringify(loaded);
      await expectSame(encoder.encode(text), () => 5000, sample.id);
    }
  });

  it('reads several large lists of records, as those that are put together from many pieces', async () => {
    for (const format of ['json', 'jaeger', 'otlp'] as const) {
      const bytes = encoder.encode(JSON.stringify(large({ spans: 6000, format, seed: 2 })));
      expect(bytes.length).toBeGreaterThan(2_000_000);
      await expectSame(bytes, () => 64 * 1024, format);
      await expectSame(bytes.subarray(0, bytes.length * 0.7), () => 64 * 1024, `${format}, cut off`);
    }
  });

  it('reads a line for each record, the last without a line break, and a line that breaks off', async () => {
    const { spans, trace_id } = large({ spans: 3000, format: 'json' });
    const lines = spans.map((span) => JSON.stringify({ ...span, trace_id }));
    for (const text of [lines.join('\n'), `${lines.join('\r\n')}\r\n\r\n`, lines.join('\n').slice(0, -40)]) {
      await expectSame(encoder.encode(text), () => 30_000, text.slice(-20));
    }
    const broken = [...lines.slice(0, 10), '{"oops', ...lines.slice(10)].join('\n');
    await expectSame(encoder.encode(broken), () => 30_000, 'a broken line');
  });

  it('takes a Blob, a Response and a ReadableStream', async () => {
    const text = JSON.stringify(agentRun());
    const expected = await outcome(() => parseTraces(text));
    const sources = [new Blob([text]), new Response(text), new Blob([text]).stream()];
    for (const source of sources) expect(await outcome(() => readTraces(source))).toEqual(expected);
  });

  it('reads UTF-16, byte order marks, and what is not valid in its encoding', async () => {
    const text = JSON.stringify({ ...agentRun(), note: 'ä€𝄞' });
    const utf16 = new Uint8Array(new Uint16Array([0xfeff, ...Array.from(text, (_, at) => text.charCodeAt(at))]).buffer);
    const bigEndian = utf16.map((_, at) => utf16[at ^ 1]!);
    const marked = encoder.encode(`\ufeff${text}`);
    const invalid = encoder.encode(text);
    invalid[invalid.indexOf(0xc3)] = 0xff;
    for (const bytes of [utf16, bigEndian, marked, invalid]) {
      for (const length of [1, 3, 1000]) await expectSame(bytes, () => length, `${bytes.subarray(0, 4)} by ${length}`);
    }
  });

  it('says what it is that cannot be read, as parseTraces does', async () => {
    const files = [
      ...['', '  \n', '{', 'null', '5', '"{}"', '[]', '{}', '{"a":1}', '/tmp/trace.json', 'not json at all'].map(
        (text) => encoder.encode(text),
      ),
      encoder.encode(JSON.stringify(JSON.stringify(agentRun()))),
      encoder.encode(htmlErrorPage()),
      encoder.encode(htmlErrorPage().padEnd(100_000, ' ')),
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3),
      Uint8Array.of(0x0a, 0x90, 0x01, 0x0a, 0, 1, 2),
      Uint8Array.of(0x50, 0x4b, 0x03, 0x04),
    ];
    for (const bytes of files) for (const length of [1, 7, 10_000]) await expectSame(bytes, () => length, `${bytes}`);
    await expect(readTraces(new Blob([files[14]!]))).rejects.toThrow(/zstd/);
    await expect(readTraces(new Blob([files[15]!]))).rejects.toThrow(/protobuf/);
  });

  it('refuses a web page at its beginning, without waiting for the end', async () => {
    let given = 0;
    async function* endless() {
      yield encoder.encode('<!doctype html><title>Sign in</title>');
      for (; given < 1000; given++) yield encoder.encode('<p>text</p>'.repeat(1000));
    }
    await expect(readTraces(endless())).rejects.toThrow(/HTML page titled “Sign in”/);
    expect(given).toBeLessThan(1000);
  });

  it('says why a source is none', async () => {
    const used = new Response('{}');
    await used.text();
    const sources: [unknown, RegExp][] = [
      ['text', /parseTraces/],
      [{ spans: [] }, /parseTraces/],
      [null, /readTraces streams/],
      [used, /read already/],
      [new Response('no', { status: 404, statusText: 'Not Found' }), /404 Not Found/],
      [
        (async function* () {
          yield 'text';
        })(),
        /bytes \(Uint8Array\)/,
      ],
    ];
    for (const [source, message] of sources) {
      const reading = readTraces(source as Blob);
      await expect(reading).rejects.toThrow(message);
      await expect(reading).rejects.toBeInstanceOf(TraceFormatError);
    }
  });

  it('reads as the format that is asked for', async () => {
    const text = JSON.stringify({ trace_id: 'a', spans: [] });
    const options: ReadOptions = { format: 'jaeger' };
    await expect(readTraces(new Blob([text]), options)).rejects.toThrow('looks like the format “jaeger”');
    await expect(readTraces(new Blob([text]), { format: 'none' as 'json' })).rejects.toThrow(/no format “none”/);
  });
});

describe('progress', () => {
  it('counts bytes and spans upwards, and ends with all of them', async () => {
    for (const format of ['json', 'jaeger'] as const) {
      const bytes = encoder.encode(JSON.stringify(large({ spans: 30_000, format })));
      const seen: ReadProgress[] = [];
      await readTraces(new Blob([bytes]), { onProgress: (progress) => seen.push(progress) });
      expect(seen.length).toBeGreaterThan(1);
      expect(seen.at(-1)).toEqual({ bytes: bytes.length, totalBytes: bytes.length, spans: 30_000 });
      const grows = (count: (progress: ReadProgress) => number) =>
        seen.every((progress, at) => at === 0 || count(progress) >= count(seen[at - 1]!));
      expect(grows(({ bytes: count }) => count)).toBe(true);
      expect(seen.some(({ spans }) => spans > 0 && spans < 30_000)).toBe(true);
    }
  });

  it('counts the bytes of a compressed file as they are stored, and knows no total of a stream', async () => {
    const packed = gzipSync(JSON.stringify(agentRun()));
    const seen: ReadProgress[] = [];
    await readTraces(
      pieces(packed, () => 500),
      { onProgress: (progress) => seen.push(progress) },
    );
    expect(seen.at(-1)).toEqual({ bytes: packed.length, spans: 33 });
  });
});

describe('aborting', () => {
  const endless = () => {
    const state = { isEnded: false, given: 0 };
    async function* chunks() {
      try {
        yield encoder.encode('{"trace_id":"a","spans":[');
        for (;;) {
          state.given++;
          yield encoder.encode(`{"span_id":"${state.given}","name":"n","start_time":"2026-01-01"},`.repeat(1000));
        }
      } finally {
        state.isEnded = true;
      }
    }
    return { state, chunks: chunks() };
  };

  it('rejects with the reason of the signal and ends the source', async () => {
    const controller = new AbortController();
    const { state, chunks } = endless();
    const reading = readTraces(chunks, {
      signal: controller.signal,
      onProgress: () => state.given > 50 && controller.abort(new Error('enough')),
    });
    await expect(reading).rejects.toThrow('enough');
    await expect.poll(() => state.isEnded).toBe(true);
  });

  it('does not begin where the signal has aborted already', async () => {
    const { state, chunks } = endless();
    await expect(readTraces(chunks, { signal: AbortSignal.abort('never') })).rejects.toBe('never');
    expect(state.given).toBe(0);
  });

  it('does not wait for a source that says nothing more, and cancels its stream', async () => {
    const controller = new AbortController();
    let reason: unknown = 'none';
    const silent = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(encoder.encode('{"trace_id":')),
      cancel: (why) => {
        reason = why;
      },
    });
    const reading = readTraces(silent, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => reason).not.toBe('none');
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    await readTraces(new Blob([JSON.stringify(agentRun())]), { signal });
    await readTraces(new Blob(['nothing']), { signal }).catch(() => {});
    expect(listeners).toBe(0);
  });

  it('hands on what the source itself fails with', async () => {
    async function* failing() {
      yield encoder.encode('{"trace_id":"a","spans":[');
      throw new Error('The network is down.');
    }
    await expect(readTraces(failing())).rejects.toThrow('The network is down.');
    async function* failingGzip() {
      yield gzipSync(JSON.stringify(agentRun())).subarray(0, 400);
      throw new Error('The network is down.');
    }
    await expect(readTraces(failingGzip())).rejects.toThrow('The network is down.');
  });
});

describe('gzip', () => {
  it('is unpacked, by its first bytes', async () => {
    const text = JSON.stringify(large({ spans: 500, format: 'json' }));
    const packed = gzipSync(text);
    const expected = await outcome(() => parseTraces(text));
    for (const length of [1, 1000, 1_000_000]) {
      expect(await outcome(() => readTraces(pieces(packed, () => length)))).toEqual(expected);
    }
  });

  it('that breaks off gives the spans before, and says so', async () => {
    const packed = gzipSync(JSON.stringify(large({ spans: 2000, format: 'json' })));
    const { traces, warnings } = await readTraces(new Blob([packed.subarray(0, packed.length * 0.6)]));
    expect(traces[0]!.spanCount).toBeGreaterThan(500);
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['truncated-gzip', 'truncated']));
    expect(traces[0]!.completeness.reasons.join(' ')).toMatch(
      /gzip data is damaged or breaks off after [\d,]+ unpacked/,
    );
  });

  it('of something else is refused by the name of that', async () => {
    await expect(readTraces(new Blob([gzipSync('<html></html>')]))).rejects.toThrow(/HTML/);
    await expect(readTraces(new Blob([gzipSync(gzipSync('{}'))]))).rejects.toThrow(/gzip/);
    await expect(readTraces(new Blob([Uint8Array.of(0x1f, 0x8b, 1, 2, 3)]))).rejects.toThrow(/cannot be unpacked/);
  });

  it('that unpacks to a thousand times its size is refused before it fills the memory', async () => {
    const bomb = gzipSync(new Uint8Array(80 * 2 ** 20).fill(32), { level: 9 });
    await expect(readTraces(new Blob([bomb]))).rejects.toThrow(
      /unpacks to more than 300 times its size \(\d\d MB so far\)/,
    );
  });
});

const corpusFolders = [
  ...['aisdk', 'chrome', 'jaeger', 'langfuse', 'langsmith', 'mlflow', 'otlp', 'phoenix', 'simple', 'zipkin'],
];

function gunzipped(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gunzipSync(bytes));
}

/** Cut off, bytes lost, repeated or changed. */
function withDamage(bytes: Uint8Array, random: ReturnType<typeof createRandom>): Uint8Array {
  const at = random.int(1, bytes.length - 2);
  const to = Math.min(bytes.length, at + random.int(1, 200));
  const put = random.pick([
    bytes.subarray(to, to),
    bytes.subarray(at, to + 60),
    encoder.encode(random.pick([',', ']', '}', '{', '"', '\n', '\\', 'NaN', 'ä', '\u0000'])),
  ]);
  if (random.chance(0.3)) return bytes.subarray(0, at);
  return Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(to)]);
}
