import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { queryCompletions, queryVocabulary } from '../../../src/transforms/queryCompletion.ts';
import { parseQuery } from '../../../src/transforms/queryParser.ts';
import { searchSpans } from '../../../src/transforms/searchSpans.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';
import { randomQueryText } from '../../randomQuery.ts';
import { chainTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

const trace = traceFromText('run [0 9] service=web\n  llm call [0 5] service=model', {
  details: {
    read: (row) => ({
      statusMessage: undefined,
      attributes: { 'llm.model': row === 0 ? 'gpt-4' : 'my model', name: 'x', long: 'x'.repeat(100) },
      events: [{ name: 'e', timeUnixNano: undefined, attributes: { 'exception.type': 'E' } }],
      links: [],
      resource: { region: 'eu' },
      scope: undefined,
    }),
  },
});
const vocabulary = queryVocabulary(trace);

/** The text with a `|` for the cursor, completed by the first options. */
function completed(text: string, most = 3): string[] {
  const cursor = text.indexOf('|');
  const whole = text.replace('|', '');
  const { from, to, options } = queryCompletions(whole, cursor, vocabulary);
  return options.slice(0, most).map((option) => whole.slice(0, from) + option.text + whole.slice(to));
}

describe('queryCompletions', () => {
  it('offers fields and attributes where a term begins', () => {
    expect(completed('|', 2)).toEqual(['status:', 'is:']);
    expect(completed('a |', 1)).toEqual(['a status:']);
    expect(completed('-dur|')).toEqual(['-duration>']);
    expect(completed('(llm|')).toEqual(['(llm.model=']);
    expect(completed('type|')).toEqual(['exception.type=']);
    expect(completed('na|')).toEqual(['name:', '"name"=']);
    expect(completed('"na|')).toEqual([]);
  });

  it('offers values behind an operator, quoted where they must be', () => {
    expect(completed('status:|')).toEqual(['status:unset', 'status:ok', 'status:error']);
    expect(completed('is:orp|')).toEqual(['is:orphan']);
    expect(completed('service:m|')).toEqual(['service:model']);
    expect(completed('name:|')).toEqual(['name:run', 'name:"llm call"']);
    expect(completed('has:reg|')).toEqual(['has:region']);
    expect(completed('llm.model=|')).toEqual(['llm.model=gpt-4', 'llm.model="my model"']);
    expect(completed('llm.model="my|')).toEqual(['llm.model="my model"']);
    expect(completed('duration>1|')).toEqual(['duration>1ms', 'duration>10ms', 'duration>100ms']);
    expect(completed('region=|x')).toEqual(['region=eux']);
    expect(completed('unknown=|')).toEqual([]);
  });

  it('offers fields without a vocabulary, and looks at a bounded part of a large trace', () => {
    expect(queryCompletions('stat', 4).options.map(({ text }) => text)).toEqual(['status:']);
    let reads = 0;
    const large = chainTrace(20_000).withDetails((source) => ({
      read: (row) => {
        reads++;
        return source.read(row);
      },
    }));
    queryVocabulary(large);
    queryVocabulary(large);
    expect(reads).toBeLessThanOrEqual(301);
  });

  it('never throws, and offers values that find the spans they come from', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const random = createRandom(seed);
      const text = randomQueryText(random);
      const cursor = random.int(0, text.length);
      const { from, to } = queryCompletions(text, cursor, vocabulary);
      expect(from >= 0 && from <= to && to === cursor, `seed ${seed}`).toBe(true);
    }
    for (let seed = 0; seed < 60; seed++) {
      const trace = randomDetailedTrace(seed);
      const words = queryVocabulary(trace);
      for (const key of words.attributes.keys()) {
        const { options } = queryCompletions('', 0, words);
        const start = options.find(({ label, kind }) => label === key && kind === 'attribute')!.text;
        for (const value of queryCompletions(start, start.length, words).options) {
          const { problems, indexes } = searchSpans(trace, start + value.text);
          expect(problems, start + value.text).toEqual([]);
          expect(indexes.length, start + value.text).toBeGreaterThan(0);
        }
      }
      for (const { text } of queryCompletions('name:', 5, words).options) {
        expect(parseQuery(`name:${text}`).problems).toEqual([]);
      }
    }
  });
});
