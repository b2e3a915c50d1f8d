import { colonFields, isKeyword } from './query.ts';

/** A stretch of a query's text. */
export interface QueryText {
  /** Without quotes and their escapes. */
  readonly text: string;
  readonly isQuoted: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * ```
 * -status:error (llm.model = "gpt 4" OR slow)
 * │└──term────┘ ││└─key──┘ │ └value┘││  └term
 * not        open         operator  or
 * ```
 */
export type QueryToken =
  | { readonly type: 'open' | 'close' | 'and' | 'or' | 'not'; readonly from: number; readonly to: number }
  | TermToken;

export interface TermToken {
  readonly type: 'term';
  readonly from: number;
  readonly to: number;
  /** The word, phrase, field or attribute; undefined where an operator stands alone. */
  readonly key: QueryText | undefined;
  /** `:`, `=`, `!=`, `~`, `<`, `<=`, `>`, `>=`; undefined for a word or phrase alone. */
  readonly operator: string | undefined;
  /** Undefined where none follows the operator. */
  readonly value: QueryText | undefined;
  /** A quote in it has no end. */
  readonly isUnclosed: boolean;
}

/** Every character of the text lies in a token or is a space between two. */
export function queryTokens(text: string): QueryToken[] {
  const reader = new TokenReader(text);
  const tokens: QueryToken[] = [];
  for (let token = reader.next(); token; token = reader.next()) tokens.push(token);
  return tokens;
}

const space = /\s/;
const comparison = /!=|<=|>=|[=~<>]/y;

class TokenReader {
  readonly #text: string;
  #at = 0;
  #isUnclosed = false;

  constructor(text: string) {
    this.#text = text;
  }

  next(): QueryToken | undefined {
    this.#skipSpace();
    const from = this.#at;
    const character = this.#text[from];
    if (character === undefined) return undefined;
    if (character === '(' || character === ')') {
      this.#at++;
      return { type: character === '(' ? 'open' : 'close', from, to: from + 1 };
    }
    if (character === '-' && this.#isBeforeTerm(from + 1)) {
      this.#at++;
      return { type: 'not', from, to: from + 1 };
    }
    return this.#term(from);
  }

  #term(from: number): QueryToken {
    this.#isUnclosed = false;
    const key = this.#part(true);
    if (key && !key.isQuoted && isKeyword(key.text)) {
      return { type: key.text.toLowerCase() as 'and' | 'or' | 'not', from, to: key.to };
    }
    const operator = this.#operator(key);
    const value = operator === undefined ? undefined : this.#value();
    return { type: 'term', from, to: this.#at, key, operator, value, isUnclosed: this.#isUnclosed };
  }

  /** A phrase, or a word up to a space, a parenthesis, a quote, and where `isKey` up to what begins an operator. */
  #part(isKey: boolean): QueryText | undefined {
    const from = this.#at;
    if (this.#text[from] === '"') return this.#phrase();
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!;
      if (space.test(character) || character === '(' || character === ')' || character === '"') break;
      if (isKey && this.#operatorAt(this.#at) !== undefined) break;
      if (isKey && character === ':' && this.#isField(from, this.#at)) break;
      this.#at++;
    }
    return this.#at === from
      ? undefined
      : { text: this.#text.slice(from, this.#at), isQuoted: false, from, to: this.#at };
  }

  #phrase(): QueryText {
    const from = this.#at++;
    let text = '';
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined) {
        this.#at = this.#text.length;
        this.#isUnclosed = true;
        break;
      }
      if (character === '"') break;
      const next = this.#text[this.#at];
      if (character === '\\' && (next === '"' || next === '\\')) {
        text += next;
        this.#at++;
      } else {
        text += character;
      }
    }
    return { text, isQuoted: true, from, to: this.#at };
  }

  /** A comparison may stand between spaces (`duration > 100ms`); a colon follows its field. */
  #operator(key: QueryText | undefined): string | undefined {
    if (key && !key.isQuoted && this.#text[this.#at] === ':') {
      this.#at++;
      return ':';
    }
    let at = this.#at;
    while (at < this.#text.length && space.test(this.#text[at]!)) at++;
    const operator = this.#operatorAt(at);
    if (operator !== undefined) this.#at = at + operator.length;
    return operator;
  }

  #operatorAt(at: number): string | undefined {
    comparison.lastIndex = at;
    return comparison.exec(this.#text)?.[0];
  }

  #value(): QueryText | undefined {
    const after = this.#at;
    this.#skipSpace();
    const value = this.#part(false);
    const isOther = value && !value.isQuoted && value.from > after && isKeyword(value.text);
    if (value && !isOther) return value;
    this.#at = after;
    return undefined;
  }

  #isField(from: number, to: number): boolean {
    return colonFields.has(this.#text.slice(from, to).toLowerCase());
  }

  #isBeforeTerm(at: number): boolean {
    const character = this.#text[at];
    return character !== undefined && character !== ')' && !space.test(character);
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && space.test(this.#text[this.#at]!)) this.#at++;
  }
}
