/** Numbers strings in the order in which they come. */
export class StringTable {
  readonly strings: string[] = [];
  readonly #codes = new Map<string, number>();

  add(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.strings.push(text) - 1;
      this.#codes.set(text, code);
    }
    return code;
  }
}

/** Strings by the numbers that another table gave them. */
export class StringCodes {
  readonly #textOf: (code: number) => string;
  /** By the other table's number: the number in the table that was asked last, -1 where it is not known yet. */
  readonly #known: number[] = [];
  /** Which of those are known, so that few are forgotten where spans of several traces take turns. */
  #touched: number[] = [];
  #knownIn: StringTable | undefined;

  constructor(textOf: (code: number) => string) {
    this.#textOf = textOf;
  }

  /** The number that a table has for the string of this number, entered there where need be. */
  codeIn(table: StringTable, code: number): number {
    if (this.#knownIn !== table) this.#turnTo(table);
    const known = this.#known[code];
    return known === undefined || known < 0 ? this.#enter(table, code) : known;
  }

  #turnTo(table: StringTable): void {
    this.#knownIn = table;
    for (const code of this.#touched) this.#known[code] = -1;
    this.#touched = [];
  }

  #enter(table: StringTable, code: number): number {
    while (this.#known.length <= code) this.#known.push(-1);
    const known = table.add(this.#textOf(code));
    this.#known[code] = known;
    this.#touched.push(code);
    return known;
  }
}
