import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import type { CliWorld } from '../../../src/cli/world.ts';
import { testWorld } from '../../cliWorld.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);

interface Step {
  name?: string;
  seconds: number;
  status?: string;
  tokens?: number;
}

const run = (trace_id: string, { name = 'GET /items/17', seconds, status = 'ok', tokens = 100 }: Step) => ({
  trace_id,
  spans: [
    { span_id: 'a', name: 'run', start_time: 0, end_time: 1 + seconds, status: 'ok' },
    {
      span_id: 'b',
      parent_span_id: 'a',
      name,
      start_time: 1,
      end_time: 1 + seconds,
      status,
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': tokens },
    },
  ],
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanscope-compare-'));
  await writeFile(at('before.json'), JSON.stringify(run('before', { seconds: 1 })));
  await writeFile(
    at('after.json'),
    JSON.stringify(run('after', { name: 'GET /items/18', seconds: 1.5, status: 'error', tokens: 150 })),
  );
  const small = { trace_id: 'small', spans: [{ span_id: 'a', name: 'run', start_time: 0, end_time: 1 }] };
  await writeFile(at('several.json'), JSON.stringify([small, run('large', { seconds: 1 })]));
  await writeFile(at('odd#name.json'), JSON.stringify(run('odd', { seconds: 1 })));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function compare(args: string[], given: Partial<CliWorld> = {}) {
  const world = testWorld(given);
  const code = await runCli(['compare', ...args], world, '1.2.3');
  return { code, out: world.out(), err: world.err() };
}

describe('spanscope compare BEFORE AFTER', () => {
  it('prints what became of the run, and ends with 0 where nobody set a limit', async () => {
    const { code, out, err } = await compare([at('before.json'), at('after.json')]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^500 ms slower: GET \/items\/\* \+500 ms in 1 call; 1 more error; \+50 tokens\n/);
    expect(out).toMatch(/\n {2}~ GET \/items\/18 {2}\+500 ms {2}\+50 tokens {2}ok → error\n$/);
  });

  it('takes ids in names for names with --exact-names', async () => {
    const { out } = await compare([at('before.json'), at('after.json'), '--exact-names']);
    expect(out).toContain('~ GET /items/17 → GET /items/18');
  });

  it('says No difference between a file and itself', async () => {
    const { code, out } = await compare([at('before.json'), at('before.json'), '--fail-over', '0%,tokens=0,errors=0']);
    expect([code, out.split('\n')[0]]).toEqual([0, 'No difference']);
  });

  it('colours rows by what became of them, where there are colours', async () => {
    const files = [at('before.json'), at('after.json')];
    expect((await compare(files, { stdoutIsTerminal: true })).out).toContain('\n\u001b[33m  ~ GET');
    expect((await compare([...files, '--no-color'], { stdoutIsTerminal: true })).out).not.toContain('\u001b');
  });

  it('reads one side from standard input', async () => {
    const stdin = (async function* () {
      yield new TextEncoder().encode(JSON.stringify(run('piped', { seconds: 3 })));
    })();
    const { out } = await compare([at('before.json'), '-'], { stdin, stdinIsTerminal: false });
    expect(out).toMatch(/^2 s slower/);
  });

  it('compares the largest trace of several and says so, or the one whose id stands behind #', async () => {
    const { err, out } = await compare([at('several.json'), at('before.json')]);
    expect(err).toMatch(/^warning: .*several\.json has 2 traces; the largest is compared, large\.\n$/);
    expect(out).toMatch(/^No difference/);
    const chosen = await compare([`${at('several.json')}#sm`, at('before.json'), '-q']);
    expect([chosen.err, chosen.out.split('\n')[0]]).toEqual([
      '',
      '1 s slower: GET /items/* +1 s in 1 call; 1 more model call; 1 more span; +100 tokens',
    ]);
    expect(await compare([`${at('several.json')}#x`, at('before.json')])).toMatchObject({
      code: 1,
      err: 'spanscope: There is no trace x; there are 2: small, large.\n',
    });
    expect((await compare([at('odd#name.json'), at('before.json')])).code).toBe(0);
  });

  const limits: [string, number][] = [
    ['10%', 4],
    ['25%', 0],
    ['499ms', 4],
    ['500ms', 0],
    ['0.4s', 4],
    ['time=1min', 0],
    ['tokens=50', 0],
    ['tokens=49', 4],
    ['tokens=10%', 4],
    ['cost=0', 0],
    ['errors=0', 4],
    ['errors=1', 0],
    ['spans=0', 0],
    ['1h, errors=0', 4],
  ];
  for (const [limit, expected] of limits) {
    it(`--fail-over ${limit} ends with ${expected} where half a second, an error and 50 tokens came in`, async () => {
      const { code, err } = await compare([at('before.json'), at('after.json'), '--fail-over', limit]);
      expect(code).toBe(expected);
      expect(err).toMatch(expected === 0 ? /^$/ : /^spanscope: \w+ went from .+ to .+, more than .+ over\.\n$/);
    });
  }

  it('--fail-on error is of the run after, and a passed limit comes first', async () => {
    const files = [at('before.json'), at('after.json')];
    expect((await compare([...files, '--fail-on', 'error'])).code).toBe(3);
    expect((await compare([...files.reverse(), '--fail-on', 'error'])).code).toBe(0);
    expect((await compare([...files.reverse(), '--fail-on', 'error', '--fail-over', '1%'])).code).toBe(4);
  });
});

describe('mistakes in spanscope compare are one line', () => {
  const mistakes: [string[], number, RegExp][] = [
    [['compare'], 2, /takes two files, before and after .* and not 0/],
    [['compare', 'a', 'b', 'c'], 2, /and not 3/],
    [['compare', '-', '-'], 2, /Only one of both/],
    [['compare', 'a', 'b', '--serve'], 2, /--serve does not go with compare/],
    [['compare', 'a', 'b', '--filter', 'x'], 2, /--filter does not go with compare/],
    [['compare', 'a', 'b', '--fail-over', 'much'], 2, /--fail-over takes 10%, 500ms or .*and not “much”/],
    [['compare', 'a', 'b', '--fail-over', 'tokens=5ms'], 2, /“tokens=5ms”/],
    [['compare', 'a', 'b', '--fail-over', '10%,,'], 2, /“”/],
    [['x.json', '--fail-over', '10%'], 2, /--fail-over belongs to spanscope compare/],
    [['x.json', '--exact-names'], 2, /--exact-names belongs to spanscope compare/],
    [['compare', '/no/such/file', '/no/other'], 1, /\/no\/such\/file cannot be read: there is no such file/],
  ];
  for (const [args, expected, message] of mistakes) {
    it(`spanscope ${args.join(' ')}`, async () => {
      const world = testWorld();
      expect([await runCli(args, world, '1.2.3'), world.out()]).toEqual([expected, '']);
      expect(world.err()).toMatch(message);
      expect(world.err()).toMatch(/^spanscope: .*\n$/);
    });
  }
});
