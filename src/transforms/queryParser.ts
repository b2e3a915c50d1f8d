import { maxNesting, type Query } from './query.ts';
import { type QueryProblem, queryTerm } from './queryTerms.ts';
import { type QueryToken, queryTokens } from './queryTokens.ts';

export interface ParsedQuery {
  /** In normal form. Undefined for an empty text and where a problem is an error. */
  readonly query: Query | undefined;
  /** By position. */
  readonly problems: readonly QueryProblem[];
}

/** Longer texts are refused: nobody types them, and each term costs a pass over the trace. */
const maxLength = 10_000;

/**
 * Reads what a person typed into a search box. Never throws: what cannot be understood is told in `problems`, with its place
 * and how to mend it. The language is described in docs/query-language.md:
 *
 * ```
 * query  = all { "OR" all }
 * all    = one { ["AND"] one }
 * one    = { "NOT" | "-" } ( "(" query ")" | term )
 * term   = word | phrase | field ":" value | ( field | attribute ) ( "=" | "!=" | "~" | "<" | "<=" | ">" | ">=" ) value
 * ```
 *
 * One pass with a stack of its own for parentheses, which nest up to 50 deep: no text can overflow the machine's stack.
 */
export function parseQuery(text: string): ParsedQuery {
  if (text.length > maxLength) {
    const message = `A query has at most ${maxLength} characters, and this one has ${text.length}. Search for a part of it.`;
    return { query: undefined, problems: [{ severity: 'error', from: maxLength, to: text.length, message }] };
  }
  const parser = new QueryParser(text);
  for (const token of queryTokens(text)) parser.take(token);
  return parser.finish();
}

/** What is read between one parenthesis and the other. */
interface Group {
  /** The parenthesis that opens it; undefined for the whole query. */
  readonly open: QueryToken | undefined;
  /** What stands between ORs, done. */
  readonly alternatives: Query[][];
  /** What stands since the last OR. */
  terms: Query[];
  /** An AND, OR or NOT that still waits for what follows it. */
  waiting: QueryToken | undefined;
  isNegated: boolean;
}

class QueryParser {
  readonly #text: string;
  readonly #problems: QueryProblem[] = [];
  readonly #groups: Group[] = [newGroup(undefined)];
  /** Groups that are nested too deep to be read, still open. */
  #skippedGroups = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(token: QueryToken): void {
    if (this.#skippedGroups > 0) {
      this.#skippedGroups += token.type === 'open' ? 1 : token.type === 'close' ? -1 : 0;
      return;
    }
    const group = this.#groups.at(-1)!;
    switch (token.type) {
      case 'open':
        if (this.#groups.length <= maxNesting) {
          this.#groups.push(newGroup(token));
        } else {
          this.#error(token, `Parentheses nest at most ${maxNesting} deep: leave some out.`);
          this.#skippedGroups = 1;
          this.#add(group, broken);
        }
        return;
      case 'close':
        this.#close(token);
        return;
      case 'not':
        group.isNegated = !group.isNegated;
        group.waiting = token;
        return;
      case 'and':
      case 'or':
        this.#join(group, token);
        return;
      case 'term': {
        this.#hintAtLowerCase(token);
        // A term that is wrong still counts as one, so that it is the only thing said of.
        const term = queryTerm(token, this.#report);
        this.#add(group, term ?? broken);
      }
    }
  }

  finish(): ParsedQuery {
    while (this.#groups.length > 1) {
      const { open } = this.#groups.at(-1)!;
      this.#error(open!, 'This parenthesis is never closed: add a ) where its part of the query ends.');
      this.#leave();
    }
    const whole = this.#groups[0]!;
    this.#checkNothingWaits(whole);
    const query = combined(whole);
    const problems = this.#problems.sort((a, b) => a.from - b.from || a.to - b.to);
    return { query: problems.some(({ severity }) => severity === 'error') ? undefined : query, problems };
  }

  #close(token: QueryToken): void {
    if (this.#groups.length === 1) {
      this.#error(token, 'This parenthesis closes none: take it out, or put it in quotes to search for it.');
      return;
    }
    const group = this.#groups.at(-1)!;
    const isEmpty = group.terms.length === 0 && group.alternatives.length === 0;
    if (isEmpty && !group.waiting) {
      this.#error(
        { from: group.open!.from, to: token.to },
        'These parentheses hold nothing: fill them or take them out. To search for the text, put it in quotes.',
      );
    } else {
      this.#checkNothingWaits(group);
    }
    this.#leave();
  }

  #leave(): void {
    const group = this.#groups.pop()!;
    this.#add(this.#groups.at(-1)!, combined(group) ?? broken);
  }

  #join(group: Group, token: QueryToken): void {
    const word = token.type.toUpperCase();
    if (group.waiting || group.terms.length === 0) {
      const before = group.waiting ? this.#textOf(group.waiting) : undefined;
      this.#error(
        token,
        before
          ? `${word} cannot follow ${before}: write what to search for between them, or "${word}" in quotes for the word.`
          : `${word} needs something before it to join: write it, or "${word}" in quotes for the word.`,
      );
      return;
    }
    if (token.type === 'or') {
      group.alternatives.push(group.terms);
      group.terms = [];
    }
    group.waiting = token;
  }

  #add(group: Group, term: Query): void {
    group.terms.push(group.isNegated ? negated(term) : term);
    group.isNegated = false;
    group.waiting = undefined;
  }

  #checkNothingWaits({ waiting }: Group): void {
    if (!waiting) return;
    const word = this.#textOf(waiting);
    this.#error(
      waiting,
      `Nothing follows ${word}: write what it is for, or "${word}" in quotes to search for the word.`,
    );
  }

  #hintAtLowerCase(token: QueryToken & { type: 'term' }): void {
    const { key, operator } = token;
    if (!key || key.isQuoted || operator !== undefined || !/^(and|or|not)$/i.test(key.text)) return;
    const isBetween =
      /\S/.test(this.#text.slice(token.to)) && (/^not$/i.test(key.text) || /\S/.test(this.#text.slice(0, token.from)));
    if (isBetween) {
      this.#report(
        'hint',
        token,
        `${key.text} is searched as a word. To combine terms write ${key.text.toUpperCase()}.`,
      );
    }
  }

  #textOf({ from, to }: QueryToken): string {
    return this.#text.slice(from, to);
  }

  #error(at: { from: number; to: number }, message: string): void {
    this.#report('error', at, message);
  }

  readonly #report = (
    severity: QueryProblem['severity'],
    { from, to }: { from: number; to: number },
    message: string,
  ) => {
    this.#problems.push({ severity, from, to: Math.max(to, from + 1), message });
  };
}

/** Stands for a term that was reported, and never leaves the parser. */
const broken: Query = { type: 'text', text: '' };

function newGroup(open: QueryToken | undefined): Group {
  return { open, alternatives: [], terms: [], waiting: undefined, isNegated: false };
}

function combined({ alternatives, terms }: Group): Query | undefined {
  const all = terms.length > 0 ? [...alternatives, terms] : alternatives;
  return joined(
    'or',
    all.map((each) => joined('and', each)!),
  );
}

/** In normal form: no operator directly within the same one. */
function joined(type: 'and' | 'or', queries: readonly Query[]): Query | undefined {
  const terms = queries.flatMap((query) =>
    query.type === type ? (query as { terms: readonly Query[] }).terms : [query],
  );
  return terms.length > 1 ? { type, terms } : terms[0];
}

function negated(query: Query): Query {
  return query.type === 'not' ? query.term : { type: 'not', term: query };
}
