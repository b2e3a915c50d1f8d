import type { ParseWarning } from '../model/warnings.ts';

/** Gathers what a reader meets: one warning for each code, with a count and the first place. */
export class WarningList {
  readonly #warnings = new Map<string, ParseWarning & { describe: (count: number) => string }>();

  /** `describe` makes the message once the count is known: what happened, how often, what was done about it. */
  add(
    code: string,
    describe: (count: number) => string,
    place: { traceId?: string; spanId?: string } = {},
    count = 1,
  ): void {
    const known = this.#warnings.get(code);
    if (known) known.count += count;
    else this.#warnings.set(code, { code, message: '', count, ...place, describe });
  }

  count(code: string): number {
    return this.#warnings.get(code)?.count ?? 0;
  }

  toArray(): ParseWarning[] {
    return Array.from(this.#warnings.values(), ({ describe, ...warning }) => ({
      ...warning,
      message: describe(warning.count),
    }));
  }
}
