import { parseArgs } from 'node:util';
import { type RegressionLimit, regressionLimits } from './regressions.ts';
import { UsageError } from './usageError.ts';

/** What the command line asks for. */
export interface CliOptions {
  /** Undefined: print, convert or show. */
  readonly command: 'compare' | undefined;
  /** Files, patterns of files, `-` for standard input; none is standard input where that is no terminal. */
  readonly files: readonly string[];
  readonly isHelp: boolean;
  readonly isVersion: boolean;
  readonly isQuiet: boolean;
  readonly traceId: string | undefined;
  readonly filter: string | undefined;
  readonly depth: number | undefined;
  readonly width: number | undefined;
  readonly limit: number | undefined;
  /** Undefined: as the terminal has it. */
  readonly isColored: boolean | undefined;
  readonly isAscii: boolean;
  readonly html: string | undefined;
  readonly to: ExportName | undefined;
  readonly output: string | undefined;
  readonly failOn: 'error' | undefined;
  readonly failOver: readonly RegressionLimit[];
  /** Names are the same only to the letter. */
  readonly hasExactNames: boolean;
  readonly isServing: boolean;
  readonly takesOtlp: boolean;
  readonly port: number | undefined;
  /** Bytes. */
  readonly maxBody: number;
}

export type ExportName = 'jaeger' | 'json' | 'otlp' | 'markdown';
const exportNames: readonly ExportName[] = ['jaeger', 'json', 'otlp', 'markdown'];

const mebibyte = 1024 * 1024;
const defaultMaxBody = 16;

/** @throws UsageError */
export function readOptions(args: readonly string[]): CliOptions {
  const { values, positionals } = parsed(args);
  const command = positionals[0] === 'compare' ? 'compare' : undefined;
  const options: CliOptions = {
    command,
    files: command ? positionals.slice(1) : positionals,
    isHelp: values.help ?? false,
    isVersion: values.version ?? false,
    isQuiet: values.quiet ?? false,
    traceId: values.trace,
    filter: values.filter,
    depth: wholeNumber('depth', values.depth, 1),
    width: wholeNumber('width', values.width, 40),
    limit: wholeNumber('limit', values.limit, 0),
    isColored: values['no-color'] ? false : values.color,
    isAscii: values.ascii ?? false,
    html: values.html,
    to: oneOf('to', values.to, exportNames),
    output: values.output,
    failOn: oneOf('fail-on', values['fail-on'], ['error'] as const),
    failOver: regressionLimits(values['fail-over']),
    hasExactNames: values['exact-names'] ?? false,
    isServing: values.serve ?? false,
    takesOtlp: values.otlp ?? false,
    port: wholeNumber('port', values.port, 0, 65_535),
    maxBody: (wholeNumber('max-body', values['max-body'], 1, 1024) ?? defaultMaxBody) * mebibyte,
  };
  if (options.command) refuseBesideCompare(values, options);
  else if (options.failOver.length > 0 || options.hasExactNames) {
    throw new UsageError(`--${options.hasExactNames ? 'exact-names' : 'fail-over'} belongs to spanscope compare.`);
  }
  refuseContradictions(options);
  return options;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
        quiet: { type: 'boolean', short: 'q' },
        trace: { type: 'string', short: 't' },
        filter: { type: 'string', short: 'f' },
        depth: { type: 'string', short: 'd' },
        width: { type: 'string', short: 'w' },
        limit: { type: 'string' },
        color: { type: 'boolean' },
        'no-color': { type: 'boolean' },
        ascii: { type: 'boolean' },
        html: { type: 'string' },
        to: { type: 'string' },
        output: { type: 'string', short: 'o' },
        'fail-on': { type: 'string' },
        'fail-over': { type: 'string' },
        'exact-names': { type: 'boolean' },
        serve: { type: 'boolean' },
        otlp: { type: 'boolean' },
        port: { type: 'string', short: 'p' },
        'max-body': { type: 'string' },
      },
    });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/(?:\. |\n)/);
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`);
  }
}

function wholeNumber(name: string, text: string | undefined, least: number, most = Number.MAX_SAFE_INTEGER) {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new UsageError(`--${name} takes a whole number ${range}, and not “${text}”.`);
}

function oneOf<Name extends string>(option: string, text: string | undefined, names: readonly Name[]) {
  if (text === undefined) return undefined;
  const name = names.find((each) => each === text);
  if (name) return name;
  throw new UsageError(`--${option} takes ${names.join(', ')}, and not “${text}”.`);
}

/** What compare takes of the options. */
const ofCompare = [
  'help',
  'version',
  'quiet',
  'trace',
  'limit',
  'color',
  'no-color',
  'fail-on',
  'fail-over',
  'exact-names',
];

function refuseBesideCompare(values: object, { files, isHelp, isVersion }: CliOptions): void {
  if (isHelp || isVersion) return;
  const other = Object.keys(values).find((name) => !ofCompare.includes(name));
  if (other !== undefined) throw new UsageError(`--${other} does not go with compare.`);
  if (files.length !== 2) {
    throw new UsageError(
      `compare takes two files, before and after (a file named so: ./compare), and not ${files.length}.`,
    );
  }
  if (files[0] === '-' && files[1] === '-') throw new UsageError('Only one of both can come from standard input.');
}

function refuseContradictions(options: CliOptions): void {
  if (options.takesOtlp && !options.isServing) throw new UsageError('--otlp needs --serve, which is what listens.');
  if (options.output !== undefined && options.to === undefined) {
    throw new UsageError('--output needs --to, which says as what (for a page with the viewer: --html FILE).');
  }
  if (options.isServing && (options.to !== undefined || options.html !== undefined)) {
    throw new UsageError('--serve shows traces, --to and --html write them: one at a time.');
  }
}

export const help = `Prints, converts and shows trace files: OTLP, Jaeger, Zipkin, Langfuse, LangSmith, Phoenix, MLflow and more.

  spanscope [options] [file …]        a file may be gzipped, a pattern ('runs/*.json'), or - (standard input)
  spanscope compare BEFORE AFTER      what became of a run; of several traces in a file, file.json#ID

What is read
  -t, --trace ID        only this trace of several; the beginning of its id is enough
  -f, --filter QUERY    only spans that match, with those above them: 'status:error duration>100ms'
  -d, --depth N         only so many levels

How it is printed
  -w, --width N         cells of a line; the terminal's width where there is one, else 100
      --limit N         so many spans at most; 0 for all (default: 1000 on a terminal, else all)
      --color           colours also where there is no terminal; --no-color never (NO_COLOR works too)
      --ascii           no other characters than ASCII's in bars
  -q, --quiet           neither progress nor warnings

Where it goes
      --to FORMAT       json, jaeger, otlp or markdown, to standard output or to --output
  -o, --output FILE
      --html FILE       one page with the viewer and the traces inside, which opens from disk
      --serve           the viewer on 127.0.0.1, until Ctrl+C
      --otlp            with --serve: takes spans by OTLP/HTTP in JSON, and shows them as they come
  -p, --port N          4318 with --otlp, where exporters look for it, else 6007; 0 for any that is free
      --max-body N      MiB that one request may have (default: ${defaultMaxBody})

      --fail-on error   ends with 3 where a span failed
      --fail-over LIMIT with compare: ends with 4 where the run after takes more by a limit, of several with
                        commas by any: 10% or 500ms of time, tokens=5%, cost=0.01, errors=0, spans=20
      --exact-names     with compare: numbers and ids in names count, which are ignored otherwise
  -h, --help
  -v, --version

Examples
  spanscope run.json                                    a summary and the timeline
  spanscope run.json.gz --filter 'status:error'         what failed, and where
  curl -s http://…/api/traces/ID | spanscope            from standard input
  spanscope run.json --to otlp -o run.otlp.json         another format
  spanscope run.json --html run.html                    a page to send
  spanscope --serve --otlp                              spans of programs, as they come
  spanscope 'runs/*.json' --fail-on error --quiet       in a script
  spanscope compare monday.json today.json --fail-over 10%,errors=0

Ends with 0; 1 where something cannot be read or written, 2 for a mistake in the command, 3 by --fail-on,
4 by --fail-over.
`;
