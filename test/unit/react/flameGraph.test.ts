import { expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { layoutFlameGraph } from '../../../src/layout/flameGraph.ts';
import { createTimeScale, type TimeRange } from '../../../src/layout/timeScale.ts';
import type { Trace } from '../../../src/model/trace.ts';
import type { SpanRecord } from '../../../src/model/traceBuilder.ts';
import { CriticalSections } from '../../../src/react/flameCritical.ts';
import { upsideDown } from '../../../src/react/flameForm.ts';
import { rangeShowing } from '../../../src/react/flameGraphDrawing.ts';
import { flameIntent, movedFocus, siblingPosition, spanNeighbours } from '../../../src/react/flameGraphKeys.ts';
import { LabelFitter, withoutMiddle } from '../../../src/react/flameGraphLabels.ts';
import {
  firstEndingFrom,
  firstStartingFrom,
  type LaneBlocks,
  LaneSummary,
  MarkedPlaces,
} from '../../../src/react/flameGraphLanes.ts';
import { PixelScale } from '../../../src/react/flameGraphPixels.ts';
import { traceFacts } from '../../../src/react/traceFacts.ts';
import { criticalPath } from '../../../src/transforms/criticalPath.ts';
import { randomTrace, traceOfRecords } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

it('finds the longest block and the next error of any stretch of a lane as a walk over it does', () => {
  for (const seed of seeds) {
    const random = createRandom(seed);
    const blocks = layoutFlameGraph(crowdedTrace(seed));
    const marks = Uint8Array.from(blocks.lane, () => (random.chance(0.05) ? 1 : 0));
    const summary = new LaneSummary(blocks, new MarkedPlaces(blocks, marks));
    // With steps known and without.
    for (const step of [0, 2 ** 6, 2 ** 9, 2 ** 12]) {
      for (let lane = 0; lane < blocks.laneCount; lane++) {
        if (step > 0) summary.steps(lane, step);
        const [first, limit] = placesOf(blocks, lane);
        const from = random.int(first, limit - 1);
        const to = random.int(from + 1, limit);
        expect(summary.longest(lane, from, to)).toBe(blocks.laneSpans[longestOf(blocks, from, to)]);
        let error = from;
        while (error < blocks.laneSpans.length && marks[blocks.laneSpans[error]!] === 0) error++;
        expect(summary.firstErrorFrom(from)).toBe(error < blocks.laneSpans.length ? error : Infinity);
      }
    }
  }
});

it('cuts a lane at steps of time as a walk over it does, whichever steps were asked for before', () => {
  let cut = 0;
  for (const seed of seeds) {
    const random = createRandom(seed);
    const blocks = layoutFlameGraph(crowdedTrace(seed));
    const summary = new LaneSummary(blocks, new MarkedPlaces(blocks, new Uint8Array(blocks.lane.length)));
    for (let attempt = 0; attempt < 12; attempt++) {
      const step = 2 ** random.int(0, 16);
      for (let lane = 0; lane < blocks.laneCount; lane++) {
        const steps = summary.steps(lane, step);
        if (!steps) continue;
        cut++;
        const [first, limit] = placesOf(blocks, lane);
        const stepOf = (place: number) => Math.floor(blocks.start[blocks.laneSpans[place]!]! / step);
        const firsts: number[] = [];
        for (let place = first; place < limit; place++) {
          if (place === first || stepOf(place) !== stepOf(place - 1)) firsts.push(place);
        }
        const longest = firsts.map((from, at) => blocks.laneSpans[longestOf(blocks, from, firsts[at + 1] ?? limit)]!);
        const lasts = firsts.map((_, at) => (firsts[at + 1] ?? limit) - 1);
        expect([...steps.firsts]).toEqual([...firsts, limit]);
        expect([...steps.longest]).toEqual(longest);
        expect([...steps.lengths]).toEqual(longest.map((index) => blocks.end[index]! - blocks.start[index]!));
        expect([...steps.starts]).toEqual(firsts.map((place) => blocks.start[blocks.laneSpans[place]!]));
        expect([...steps.ends]).toEqual(lasts.map((place) => blocks.end[blocks.laneSpans[place]!]));
        expect(steps.longest.length).toBeLessThanOrEqual((limit - first) / 8);
      }
    }
  }
  expect(cut).toBeGreaterThan(100);
});

it('finds where a time is in a lane as a walk over the lane does', () => {
  for (const seed of seeds) {
    const random = createRandom(seed);
    const blocks = layoutFlameGraph(randomTrace(seed, { spans: 500 }));
    for (let lane = 0; lane < blocks.laneCount; lane++) {
      const first = blocks.laneOffsets[lane]!;
      const limit = blocks.laneOffsets[lane + 1]!;
      const time = random.int(-5, blocks.trace.duration + 5);
      const places = Array.from({ length: limit - first }, (_, at) => first + at);
      const spanOf = (place: number) => blocks.laneSpans[place]!;
      const ending = places.find((place) => blocks.end[spanOf(place)]! >= time) ?? limit;
      const starting = places.find((place) => blocks.start[spanOf(place)]! >= time) ?? limit;
      expect(firstEndingFrom(blocks, lane, time)).toBe(ending);
      expect(firstStartingFrom(blocks, first, limit, time)).toBe(starting);
    }
  }
});

it('counts pixels as exactly in the tenth minute and the ninetieth day as in the first nanosecond', () => {
  const tenMinutes = 600e9;
  for (const start of [0, tenMinutes, 90 * 86_400e9]) {
    const scale = new PixelScale(createTimeScale([start, start + 20]), 1000);
    for (let time = 0; time <= 20; time++) expect(scale.x(start + time)).toBe(time * 50);
  }
});

it('moves all blocks by the same number of pixels when the window moves by a part of a pixel', () => {
  const random = createRandom(7);
  const times = Array.from({ length: 200 }, () => random.int(0, 1e9));
  const roundedAt = (range: TimeRange) => {
    const scale = new PixelScale(createTimeScale(range), 1237);
    return times.map((time) => Math.round(scale.x(time)));
  };
  const before = roundedAt([1e8, 2e8]);
  for (let step = 1; step < 50; step++) {
    const shift = step * 23_456;
    const after = roundedAt([1e8 + shift, 2e8 + shift]);
    const moves = new Set(after.map((x, at) => x - before[at]!));
    expect(moves.size).toBe(1);
    expect(Math.abs([...moves][0]! + (shift / 1e8) * 1237)).toBeLessThanOrEqual(1);
  }
});

it('merges by steps of time that do not depend on where the window is', () => {
  const ends = [0, 12_345, 1e6].map((start) => {
    const scale = new PixelScale(createTimeScale([start, start + 3e6]), 1000);
    return scale.stepEnd(1_500_000);
  });
  expect(new Set(ends).size).toBe(1);
  // 3000 ns a pixel: steps of 2048 ns.
  expect(ends[0]).toBe(Math.ceil(1_500_000 / 2048) * 2048);
});

it('follows a time scale of several stretches and ends a step where a stretch does', () => {
  const timeScale = createTimeScale([
    { range: [0, 100], share: 1 },
    { range: [100, 100_100], share: 0.5 },
    { range: [100_100, 100_200], share: 1 },
  ]);
  const scale = new PixelScale(timeScale, 500);
  for (const time of [0, 50, 100, 50_100, 100_100, 100_150, 100_200]) {
    expect(scale.x(time)).toBeCloseTo(timeScale.toUnit(time) * 500, 9);
  }
  expect(scale.stepEnd(100_099)).toBe(100_100);
});

it('cuts a label in its middle to the room there is, and to nothing where that says nothing', () => {
  const fitter = new LabelFitter((text) => text.length * 10);
  expect(fitter.fit('llm_call', 80)).toBe('llm_call');
  expect(fitter.fit('search_flights_by_price', 110)).toBe('searc…price');
  expect(fitter.fit('search_flights_by_price', 39)).toBe('');
  for (let room = 0; room < 300; room += 7) {
    expect(fitter.fit('invoke_agent move_coordinator', room).length * 10).toBeLessThanOrEqual(room);
  }
});

it('measures each text and each cut of it once, and not all of a name of megabytes', () => {
  const measured: string[] = [];
  const fitter = new LabelFitter((text) => {
    measured.push(text);
    return text.length;
  });
  for (let repeat = 0; repeat < 100; repeat++) fitter.fit('x'.repeat(3_000_000), 40);
  expect(measured.length).toBeLessThan(20);
  expect(Math.max(...measured.map((text) => text.length))).toBeLessThan(1_000);
});

it('never cuts a character in two', () => {
  const text = '🛫🛬🧳🗺️🧭🏨';
  for (let characters = 0; characters <= text.length; characters++) {
    expect(withoutMiddle(text, characters)).not.toMatch(/\p{Surrogate}/u);
  }
});

it('knows the spans around one as a list of siblings does', () => {
  for (const seed of seeds) {
    const trace = randomTrace(seed, { spans: 200 });
    for (const span of trace) {
      const siblings = (span.parent ? span.parent.children : trace.roots).map((sibling) => sibling.index);
      const at = siblings.indexOf(span.index);
      expect(spanNeighbours(trace.columns, span.index)).toEqual({
        parent: span.parent?.index ?? -1,
        firstChild: span.children.at(0)?.index ?? -1,
        previousSibling: siblings[at - 1] ?? -1,
        nextSibling: siblings[at + 1] ?? -1,
        firstSibling: siblings[0],
        lastSibling: siblings.at(-1),
      });
    }
  }
});

it('moves by keys along the tree and stays where there is nothing that way', () => {
  const trace = traceFromText(`
    agent [0 100]
      plan [0 10]
      search [10 50]
        http [11 40]
      answer [50 100]
  `);
  const walk = (keys: string) => {
    let index = 0;
    for (const key of keys.split(' ')) {
      const intent = flameIntent({ key, ctrlKey: false, metaKey: false, altKey: false })!;
      index = movedFocus(trace.columns, index, intent);
    }
    return trace.spanAt(index).name;
  };
  expect(walk('ArrowDown')).toBe('plan');
  expect(walk('ArrowDown ArrowRight ArrowDown')).toBe('http');
  expect(walk('ArrowDown ArrowRight ArrowDown ArrowUp ArrowLeft')).toBe('plan');
  expect(walk('ArrowDown End')).toBe('answer');
  expect(walk('ArrowDown End ArrowRight Home')).toBe('plan');
  expect(walk('ArrowUp ArrowLeft ArrowRight')).toBe('agent');
  expect(flameIntent({ key: 'ArrowDown', ctrlKey: true, metaKey: false, altKey: false })).toBeUndefined();
});

it('moves the window to a span only where too little of it is in sight', () => {
  const range: TimeRange = [1000, 2000];
  expect(rangeShowing(range, [1200, 1300], 20)).toBe(range);
  expect(rangeShowing(range, [0, 5000], 20)).toBe(range);
  expect(rangeShowing(range, [1980, 5000], 20)).toBe(range);
  expect(rangeShowing(range, [1500, 1500], 20)).toBe(range);
  expect(rangeShowing(range, [1990, 2090], 20)).toEqual([1540, 2540]);
  expect(rangeShowing(range, [3000, 3000], 20)).toEqual([2500, 3500]);
  expect(rangeShowing(range, [3000, 9000], 20)).toEqual([2900, 3900]);
});

it('turns lanes upside down and knows each block in its new lane', () => {
  for (const seed of seeds) {
    const layout = layoutFlameGraph(randomTrace(seed, { spans: 200 }));
    const turned = upsideDown(layout);
    expect(turned.laneCount).toBe(layout.laneCount);
    for (let lane = 0; lane < layout.laneCount; lane++) {
      const spansOf = (blocks: LaneBlocks, at: number) =>
        Array.from(blocks.laneSpans.subarray(blocks.laneOffsets[at], blocks.laneOffsets[at + 1]));
      const own = spansOf(turned, lane);
      expect(own).toEqual(spansOf(layout, layout.laneCount - 1 - lane));
      expect(own.every((span) => turned.lane[span] === lane)).toBe(true);
    }
  }
});

it('numbers siblings as a list of them does', () => {
  for (const seed of seeds) {
    const trace = randomTrace(seed, { spans: 120 });
    for (const span of trace) {
      const siblings = (span.parent ? span.parent.children : trace.roots).map((sibling) => sibling.index);
      const expected = { position: siblings.indexOf(span.index) + 1, setSize: siblings.length };
      expect(siblingPosition(trace.columns, span.index)).toEqual(expected);
    }
  }
});

it('marks of each span the pixels of its critical sections, as a walk over all sections does', () => {
  for (const seed of seeds) {
    const trace = randomTrace(seed, { spans: 150 });
    if (trace.duration === 0) continue;
    const path = criticalPath(trace);
    const stripes = new CriticalSections(traceFacts(trace).criticalTable);
    const scale = new PixelScale(createTimeScale([0, trace.duration]), 300);
    for (let span = 0; span < trace.spanCount; span++) {
      const marked = new Set<number>();
      stripes.each(span, scale, 0, 300, (x0, x1) => {
        for (let x = Math.floor(x0); x < Math.ceil(x1); x++) marked.add(x);
      });
      for (let at = 0; at < path.length; at++) {
        if (path.span[at] !== span) continue;
        const middle = Math.floor(scale.x((path.start[at]! + path.end[at]!) / 2));
        expect(marked.has(Math.min(middle, 299)), `seed ${seed}, span ${span}`).toBe(true);
      }
      if (!path.span.includes(span)) expect(marked.size).toBe(0);
    }
  }
});

/** One lane of thousands of short blocks, here in bursts and there far apart, and one below it. */
function crowdedTrace(seed: number): Trace {
  const random = createRandom(seed);
  const records: SpanRecord[] = [];
  const add = (spanId: string, parentSpanId: string | undefined, start: number, end: number) =>
    records.push({
      spanId,
      parentSpanId,
      name: spanId,
      serviceName: 'app',
      kind: 'internal',
      status: 'unset',
      start: { seconds: 0, nanos: start },
      end: { seconds: 0, nanos: end },
      followsFrom: false,
    });
  let now = 0;
  for (let at = 0; at < 1_500; at++) {
    now += random.chance(0.02) ? random.int(0, 20_000) : random.int(0, 6);
    const length = random.chance(0.02) ? random.int(1, 5_000) : random.int(1, 8);
    add(`s${at}`, 'run', now, now + length);
    if (random.chance(0.9)) add(`c${at}`, `s${at}`, now, now + Math.ceil(length / 2));
    now += length;
  }
  add('run', undefined, 0, now);
  return traceOfRecords(records);
}

function placesOf(blocks: LaneBlocks, lane: number): [first: number, limit: number] {
  return [blocks.laneOffsets[lane]!, blocks.laneOffsets[lane + 1]!];
}

/** The first of the longest. */
function longestOf({ laneSpans, start, end }: LaneBlocks, from: number, to: number): number {
  const length = (place: number) => end[laneSpans[place]!]! - start[laneSpans[place]!]!;
  let longest = from;
  for (let place = from; place < to; place++) if (length(place) > length(longest)) longest = place;
  return longest;
}
