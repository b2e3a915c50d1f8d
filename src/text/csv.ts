/** A cell: a number stands as it is. */
export type CsvCell = string | number | undefined;

/**
 * Rows as comma-separated values (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it: what stands in a
 * trace is anybody's, and `=HYPERLINK(…)` would run where the file is opened.
 */
export function csvText(rows: Iterable<readonly CsvCell[]>): string {
  const lines: string[] = [];
  for (const row of rows) lines.push(row.map(cellText).join(','));
  return lines.map((line) => `${line}\r\n`).join('');
}

function cellText(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** With the full-width signs that some spreadsheets take for the narrow ones, and white space, which they leave out. */
const formula = /^\s*[=+\-@\t\r＝＋－＠]/;
