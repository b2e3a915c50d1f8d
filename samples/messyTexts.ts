import type { Random } from './random.ts';

/** Texts of `messyRun`. Museum, objects, haulers and people are invented. */

export const TASK =
  'Plan the move of our 1,214 objects from the harbour store to the new depot: what climate and insurance need, a clean manifest, and a booked truck for the week of 7 December.';

export const COORDINATOR_INSTRUCTIONS = `You coordinate the move of the Harbour Museum's store. You delegate, you do not do the work yourself.
- research_agent finds out what climate, packing and insurance ask for.
- inventory_agent turns the register into a clean manifest, one row an object.
- booking_agent asks hauliers for quotes, holds a truck, and books it once a person has agreed.
Ask a person before anything that costs more than 500 EUR. Hand over the whole register only where it is needed.`;

export const RESEARCH_INSTRUCTIONS =
  'You find requirements for moving museum objects. Read sources, quote them, never guess. Stop when you have climate, packing and insurance.';

export const INVENTORY_INSTRUCTIONS =
  'You clean registers. Use run_python for anything with more than ten rows. Every object needs: id, title, material, mass in kg, fragile yes or no.';

export const BOOKING_INSTRUCTIONS =
  'You book transport with climate control. Ask all hauliers at once, compare totals, hold the best for as long as they let you. Confirm only after approval.';

const KINDS = [
  'Ship’s lantern',
  'Sextant',
  'Half model of a pilot cutter',
  'Anchor, iron',
  'Harpoon head',
  'Figurehead fragment',
  'Sea chart on linen',
  'Logbook',
  'Net needle',
  'Barometer',
  'Octant',
  'Oilskin coat',
  'Block and tackle',
  'Customs seal',
  'Herring barrel stave',
  'Signal flag set',
  'Diver’s helmet',
  'Rope sample',
  'Tide table',
  'Bell',
] as const;
const MATERIALS = [
  'brass',
  'oak',
  'iron',
  'linen',
  'paper',
  'whalebone',
  'glass',
  'tarred hemp',
  'copper',
  'pine',
] as const;
const CONDITIONS = ['good', 'good', 'fair', 'fair', 'fragile', 'see note', '??', 'mould 2019, treated'] as const;
const FINDERS = [
  'dredged off the north pier',
  'gift of the pilots’ guild',
  'bought at auction',
  'found in the attic',
  'from the wreck of the Fortuna',
  '',
] as const;

/** The register as somebody pasted it into the first message: 60 kB of rows with gaps and mixed units. */
export function registerText(random: Random): string {
  const rows = ['id;title;material;year;mass;shelf;condition;provenance'];
  let length = 0;
  for (let number = 1; length < 59_000; number++) {
    const kilograms = Math.round(random.vary(6) * 10) / 10;
    const mass = random.chance(0.12)
      ? `${Math.round(kilograms * 1000)} g`
      : random.chance(0.06)
        ? ''
        : `${kilograms} kg`;
    const cells = [
      `HM-${String(number).padStart(4, '0')}`,
      random.pick(KINDS),
      random.pick(MATERIALS),
      random.chance(0.15) ? 'n.d.' : String(random.int(1741, 1968)),
      mass,
      `${random.pick(['A', 'B', 'C', 'D'])}${random.int(1, 24)}-${random.int(1, 6)}`,
      random.pick(CONDITIONS),
      random.pick(FINDERS),
    ];
    const row = cells.join(';');
    rows.push(row);
    length += row.length + 1;
  }
  return rows.join('\n');
}

export function firstMessage(random: Random): string {
  return `${TASK}

The depot opens on 7 December. The crane cannot lift more than 800 kg. Rune from the store has the keys until 16:00.
Below is the register as it came out of the old database. Yes, some masses are in grams. Sorry.

${registerText(random)}

(The rest of the register is in the file register.csv.)`;
}

/** Span names as agents make them when they build them out of data. */
export const ODD_NAMES = {
  emoji: '🚢 classify «Sørlandet» 👩🏽‍🔬',
  hebrew: 'סיווג: עוגן ברזל מהמאה ה־19',
  arabic: 'تصنيف: بوصلة نحاسية من القرن التاسع عشر',
  mixedDirections: 'classify anchor (עוגן) → مرساة [HM-0044]',
  long: longName(400),
  empty: '',
  lines: 'classify\nship’s bell\r\n\t(two parts)',
  markup: '<script>alert(1)</script>',
  constructorName: 'constructor',
  protoName: '__proto__',
  quotes: 'classify "HM-0311", \'tide table\'; -- %s {{title}} \\',
  combining: 'classify Z̵̘͝a̸̠͠l̷̰̈́g̶͈̑ŏ̵̡ chart',
} as const;

function longName(length: number): string {
  const clause = 'and the remains of the crate in which it was found, ';
  let name = 'classify half model of the pilot cutter “Ingeborg”, scale 1:24, with stand, ';
  while (name.length < length) name += clause;
  return name.slice(0, length);
}

/** A drawing of a boat, 96 × 64 pixels. */
export const PHOTO_DATA_URI =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAGAAAABACAMAAADS6oI8AAAAFVBMVEXW6PT/+vDgel9aRjyBVDg9faXIHh6MqqSbAAAAgElEQVR42u3W0QqAIAyFYTdr7//I3RRIRMzpkOI/lwrnu5gDSyGfiogIwDpAzqiqAqwHUhAAV3kLTEUAwsA0BMBd/gQMIwBTgCEEoKv8DQghAN2ptdbU3zVA2QYDMA54EDOzcDlA2j6kL9zPgT05AD6gncV9LtG76wzAB/BMlwIHiC0kIQ9sxhwAAAAASUVORK5CYII=';

/** A stack trace of sixty lines, through a data frame library down to the missing column. */
export function pythonStack(): string {
  const frames: string[] = [];
  const frame = (file: string, line: number, name: string, source: string) => {
    frames.push(`  File "${file}", line ${line}, in ${name}`, `    ${source}`);
  };
  frame('/sandbox/kernel/server.py', 214, 'execute', 'result = self.shell.run(request.code, request.globals)');
  frame('/sandbox/kernel/shell.py', 97, 'run', 'exec(compile(tree, "<cell 3>", "exec"), namespace)');
  frame('<cell 3>', 11, '<module>', 'manifest = clean(register)');
  frame('<cell 3>', 7, 'clean', 'return register.pipe(to_kilograms).pipe(flag_fragile)');
  frame(
    '/sandbox/lib/frames/core/generic.py',
    5857,
    'pipe',
    'return common.pipe(self.copy(deep=None), func, *args, **kwargs)',
  );
  frame('/sandbox/lib/frames/core/common.py', 503, 'pipe', 'return func(obj, *args, **kwargs)');
  frame('<cell 3>', 3, 'to_kilograms', 'frame["kg"] = frame.apply(lambda row: parse_mass(row["weight"]), axis=1)');
  for (let depth = 1; depth <= 20; depth++) {
    frame(
      '/sandbox/lib/frames/core/apply.py',
      880 + depth * 7,
      `apply_level_${depth}`,
      'results, index = self.apply_series_generator()',
    );
  }
  frame('/sandbox/lib/frames/core/indexes/base.py', 3812, 'get_loc', 'raise KeyError(key) from error');
  return [
    'Traceback (most recent call last):',
    ...frames,
    "KeyError: 'weight'",
    '',
    'The columns are: id, title, material, year, mass, shelf, condition, provenance',
  ].join('\n');
}

export const HOLD_EXPIRED_STACK = `example.pakkemus.booking.HoldExpiredException: hold H-20713 expired at 2026-11-23T10:00:06Z, 11 minutes before the confirmation came
	at example.pakkemus.booking.Holds.require(Holds.java:88)
	at example.pakkemus.booking.ConfirmHandler.confirm(ConfirmHandler.java:52)
	at example.pakkemus.http.Router.dispatch(Router.java:131)
	at java.base/java.lang.VirtualThread.run(VirtualThread.java:329)`;
