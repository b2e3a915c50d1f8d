import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/random.ts';
import { decodeViewState, encodeViewState, type ViewState } from '../../../src/layout/viewState.ts';

const texts = [
  '',
  'abc',
  '00f067aa0ba902b7',
  'id~2',
  '__proto__',
  'a.b',
  '*',
  '**',
  '-',
  '_',
  'two words',
  'é🙂',
  '\u0000\ufeff',
  'status:error -(a OR "b c")',
  '%2e&#+/?=',
];

function randomState(random: Random): ViewState {
  const text = () => random.pick(texts);
  const list = () => Array.from({ length: random.int(0, 4) }, text);
  const start = random.pick([0, 1, 1.5, 1e-9, 123_456_789_012, 1e21, -5, -0.25]);
  const all: Required<ViewState> = {
    selection: text(),
    collapsed: random.chance(0.5) ? new Set(list()) : { all: true, except: new Set(list()) },
    range: [start, start + random.pick([0, 1, 2.5e9, 1e22])],
    query: text(),
    matchesOnly: random.chance(0.5),
    columns: list(),
    focus: text(),
    tab: text(),
    grouping: random.chance(0.5),
    expandedGroups: list(),
    gaps: random.chance(0.5),
    colorBy: text(),
    compress: random.chance(0.5),
    withoutNoise: random.chance(0.5),
    criticalPath: random.chance(0.5),
    timeZone: random.pick(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires']),
  };
  return Object.fromEntries(Object.entries(all).filter(() => random.chance(0.6)));
}

describe('a view state', () => {
  it('is a short text that stands in a URL as it is', () => {
    expect(encodeViewState({})).toBe('1');
    expect(
      encodeViewState({
        selection: '00f067aa0ba902b7',
        collapsed: new Set(['a1', 'b2']),
        range: [0, 2.5e9],
        query: 'is:open -x',
        columns: ['service', 'llm.model'],
        grouping: true,
      }),
    ).toBe('1.s00f067aa0ba902b7.ck**a1**b2.r0-2500000000.qis*3aopen*20-x.o**service**llm*2emodel.g1');
  });

  it('comes back as it was, whatever is in it', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const state = randomState(createRandom(seed));
      const text = encodeViewState(state);
      expect(text, `seed ${seed}`).toMatch(/^[A-Za-z0-9_.*-]+$/);
      expect(new URLSearchParams({ v: text }).toString()).toBe(`v=${text}`);
      expect(decodeViewState(text), `seed ${seed}: ${text}`).toEqual(state);
    }
  });

  it('turns a lone surrogate, which no URL can hold, into the sign for it', () => {
    expect(decodeViewState(encodeViewState({ query: 'a\ud800' }))).toEqual({ query: 'a\ufffd' });
  });

  it('is read from a link of a later version as far as this one knows its fields', () => {
    expect(decodeViewState('7.sabc.Xnew*thing.y.g1.r5')).toEqual({ selection: 'abc', grouping: true });
  });

  it('is not made of other texts, nor of more than anyone would put there', () => {
    for (const text of ['', 'x', '0', '01', '-1', '1e3', 'https://x', '99999.sa', '{"selection":"a"}']) {
      expect(decodeViewState(text)).toBeUndefined();
    }
    expect(decodeViewState(`1.s${'a'.repeat(300_000)}`)).toBeUndefined();
    expect(decodeViewState(`1.ck${'**a'.repeat(20_000)}.sx`)).toEqual({ selection: 'x' });
    expect(decodeViewState('1.s*zz.q*ff.r1-0.rNaN-1.g2.cxa.o-a.fok')).toEqual({ focus: 'ok' });
  });

  it('never throws for a damaged text, and sets only fields that it has', () => {
    const known = new Set(Object.keys(randomState({ ...createRandom(1), chance: () => true } as Random)));
    for (let seed = 0; seed < 5000; seed++) {
      const random = createRandom(seed);
      const text = encodeViewState(randomState(random));
      const at = random.int(0, text.length);
      const damaged =
        text.slice(0, at) +
        random.pick(['', '*', '.', '-', '__proto__', 'é', '**', '%']) +
        text.slice(at + random.int(0, 3));
      const state = decodeViewState(damaged);
      for (const field of Object.keys(state ?? {})) expect(known.has(field)).toBe(true);
    }
    expect(Object.getPrototypeOf(decodeViewState('1.s__proto__'))).toBe(Object.prototype);
  });
});
