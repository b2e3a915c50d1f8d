import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { printQuery, queryWords } from '../../../src/transforms/query.ts';
import { parseQuery } from '../../../src/transforms/queryParser.ts';
import { randomQuery, randomQueryText } from '../../randomQuery.ts';

function canonical(text: string): string {
  const { query, problems } = parseQuery(text);
  expect(problems).toEqual([]);
  return printQuery(query!);
}

/** The text with what is underlined in brackets, and the message. */
function problemsOf(text: string): string[] {
  return parseQuery(text).problems.map(
    ({ severity, from, to, message }) =>
      `${severity} ${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)} ${message}`,
  );
}

describe('parseQuery', () => {
  it.each([
    ['timeout', 'timeout'],
    ['two words', 'two words'],
    ['"two words"', '"two words"'],
    ['"one"', 'one'],
    ['say"it"now', 'say it now'],
    ['"a \\"quoted\\" word"', '"a \\"quoted\\" word"'],
    ['tool:search', '"tool:search"'],
    ['http://web:80/x', '"http://web:80/x"'],
    ['a - b', 'a "-" b'],
    ['service:web name:"GET /" id:ab', 'service:web name:"GET /" id:ab'],
    ['Service:web STATUS:Error Kind:LLM Is:Orphan', 'service:web status:error kind:llm is:orphan'],
    ['name=a name~b name!=c', 'name=a name:b -name=c'],
    ['status=ok kind!=server is=open', 'status:ok -kind:server is:open'],
    ['duration>100ms', 'duration>100ms'],
    ['duration > 100ms AND a ~ b', 'duration>100ms a~b'],
    ['duration>0.1s self<=1500us start>=90m end<1.5h', 'duration>100ms self<=1500us start>=90m end<90m'],
    ['duration>1.1ms duration=3µs duration=3μs start!=-5ns', 'duration>1100us duration=3us duration=3us start!=-5ns'],
    ['duration>0 duration:>5s', 'duration>0ns duration>5s'],
    ['depth:3 children>=10 descendants<5', 'depth=3 children>=10 descendants<5'],
    ['has:tool.name has=x', 'has:tool.name has:x'],
    ['llm.model=gpt-4', 'llm.model=gpt-4'],
    ['llm.model != "gpt 4" tokens >= 1e3', 'llm.model!="gpt 4" tokens>=1e3'],
    ['"name"=x "odd key"~y', '"name"=x "odd key"~y'],
    ['a=""', 'a=""'],
    ['url=http://x?a=b&c>d', 'url="http://x?a=b&c>d"'],
    ['-a -"b c" -service:db', '-a -"b c" -service:db'],
    ['NOT a NOT NOT b --c', '-a b c'],
    ['a AND b OR c AND d', 'a b OR c d'],
    ['a (b OR c)', 'a (b OR c)'],
    ['(a b) OR ((c))', 'a b OR c'],
    ['((a OR b) OR c)', 'a OR b OR c'],
    ['-(a b) NOT (c OR -d)', '-(a b) -(c OR -d)'],
    ['main.(*T).Run', 'main. *T .Run'],
  ])('reads %j as %j', (text, expected) => {
    expect(canonical(text)).toBe(expected);
    expect(canonical(expected)).toBe(expected);
  });

  it('takes no text for no question', () => {
    expect(parseQuery('')).toEqual({ query: undefined, problems: [] });
    expect(parseQuery(' \t\n')).toEqual({ query: undefined, problems: [] });
  });

  it.each([
    ['duration>100', 'error duration>[100] A time needs a unit: duration>100ms, or one of ns, us (µs), ms, s, m, h.'],
    [
      'duration>fast',
      'error duration>[fast] "fast" is no time: write a number and a unit, as in duration>100ms. Units are ns, us (µs), ms, s, m, h.',
    ],
    ['depth>x', 'error depth>[x] "x" is no number: depth counts, as in depth>3.'],
    ['duration~5', 'error [duration~5] duration is a number: compare it with >, >=, <, <=, = or !=.'],
    ['name>5', 'error [name>5] name is text: compare it with :, = or !=.'],
    ['a service:', 'error a [service:] A value must follow service:, as in service:web.'],
    ['llm.model= AND b', 'error [llm.model=] AND b A value must follow llm.model=, as in llm.model=gpt-4.'],
    [
      'tokens>many',
      'error tokens>[many] > compares numbers, and "many" is none. Write a number without a unit, or = to compare text.',
    ],
    [
      '=5',
      'error [=5] An attribute must stand before =, as in llm.model=gpt-4. To search for the text itself, put it in quotes.',
    ],
    ['is:orphn', 'error is:[orphn] There is no is:orphn. Did you mean is:orphan?'],
    ['kind:llmm', 'error kind:[llmm] There is no kind:llmm. Did you mean kind:llm?'],
    ['status:failed', 'error status:[failed] There is no status:failed. It can be unset, ok, error.'],
    ['status>ok', 'error status>[ok] status is one of a few words: write status:unset.'],
    ['has>x', 'error [has>x] has asks whether there is an attribute: write has:x.'],
    ['say "hello', 'error say ["hello] This quote has no end: add a " after the phrase.'],
    ['a ""', 'error a [""] This phrase is empty: write between the quotes what to search for.'],
    ['name:""', 'error [name:""] An empty text is in every name: write what to look for.'],
    ['(a OR b', 'error [(]a OR b This parenthesis is never closed: add a ) where its part of the query ends.'],
    ['a) b', 'error a[)] b This parenthesis closes none: take it out, or put it in quotes to search for it.'],
    [
      'f()',
      'error f[()] These parentheses hold nothing: fill them or take them out. To search for the text, put it in quotes.',
    ],
    ['OR a', 'error [OR] a OR needs something before it to join: write it, or "OR" in quotes for the word.'],
    [
      'a AND OR b',
      'error a AND [OR] b OR cannot follow AND: write what to search for between them, or "OR" in quotes for the word.',
    ],
    ['a NOT', 'error a [NOT] Nothing follows NOT: write what it is for, or "NOT" in quotes to search for the word.'],
    [
      '(a OR) b',
      'error (a [OR]) b Nothing follows OR: write what it is for, or "OR" in quotes to search for the word.',
    ],
  ])('says of %j what to mend', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
    expect(parseQuery(text).query).toBeUndefined();
  });

  it('reads a bare number before a word that is a unit as a time without one', () => {
    expect(problemsOf('duration > 100 ms')).toEqual([
      'error duration > [100] ms A time needs a unit: duration>100ms, or one of ns, us (µs), ms, s, m, h.',
    ]);
  });

  it.each([
    ['sevice:web', 'hint [sevice:web] sevice: is no field, so this is searched as text. Did you mean service:web?'],
    [
      'http.method:GET',
      'hint [http.method:GET] This is searched as text. To compare an attribute, write http.method=GET.',
    ],
    ['a or b', 'hint a [or] b or is searched as a word. To combine terms write OR.'],
    ['not b', 'hint [not] b not is searched as a word. To combine terms write NOT.'],
  ])('reads %j and hints at what may have been meant', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
    expect(parseQuery(text).query).toBeDefined();
  });

  it('does not hint at words that can only be words', () => {
    for (const text of ['or', 'or b', 'a not', 'tool:search', '"a or b"', 'x:y']) expect(problemsOf(text)).toEqual([]);
  });

  it('tells of several mistakes at once, in their order', () => {
    expect(parseQuery('is:x (a duration>5 OR').problems.map(({ from }) => from)).toEqual([3, 5, 17]);
  });

  it('nests parentheses 50 deep and no deeper, and reads any number of them', () => {
    const nested = (depth: number) => `${'(a OR (b '.repeat(depth / 2)}c${'))'.repeat(depth / 2)}`;
    expect(parseQuery(nested(50)).problems).toEqual([]);
    const { problems } = parseQuery(`x ${nested(52)} y`);
    expect(problems.map(({ message }) => message)).toEqual(['Parentheses nest at most 50 deep: leave some out.']);
    expect(parseQuery('('.repeat(9_000)).problems.length).toBe(51);
    expect(parseQuery('-'.repeat(9_999).concat('a')).query).toEqual({ type: 'not', term: { type: 'text', text: 'a' } });
  });

  it('refuses a text that nobody types', () => {
    expect(parseQuery('a '.repeat(6_000)).problems[0]!.message).toContain('at most 10000 characters');
  });

  it('reads back what printQuery writes as the same query', () => {
    for (let seed = 0; seed < 5000; seed++) {
      const random = createRandom(seed);
      const query = randomQuery(random);
      const text = printQuery(query);
      const parsed = parseQuery(text);
      expect(
        parsed.problems.filter(({ severity }) => severity === 'error'),
        `seed ${seed}: ${text}`,
      ).toEqual([]);
      expect(parsed.query, `seed ${seed}: ${text}`).toEqual(query);
    }
  });

  it('never throws, always places its problems within the text, and says something in each', () => {
    let understood = 0;
    for (let seed = 0; seed < 20_000; seed++) {
      const text = randomQueryText(createRandom(seed));
      const { query, problems } = parseQuery(text);
      for (const { from, to, message } of problems) {
        expect(from >= 0 && to > from && to <= Math.max(text.length, 1), `seed ${seed}: ${text}`).toBe(true);
        expect(message).toMatch(/^.{15,}[.?]$/su);
      }
      expect(query === undefined, `seed ${seed}: ${text}`).toBe(
        text.trim() === '' || problems.some(({ severity }) => severity === 'error'),
      );
      if (!query) continue;
      understood++;
      expect(parseQuery(printQuery(query)).query, `seed ${seed}: ${text}`).toEqual(query);
    }
    expect(understood).toBeGreaterThan(1000);
  });
});

describe('queryWords', () => {
  it('are what a matching span may have in its name', () => {
    const words = (text: string) => queryWords(parseQuery(text).query!);
    expect(words('llm (name:call OR service:web) -tool -(a b) x=y is:open "two words" llm')).toEqual([
      'llm',
      'call',
      'web',
      'two words',
    ]);
  });
});
