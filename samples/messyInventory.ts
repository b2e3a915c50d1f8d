import { type Attributes, addAttributes, type DraftSpan, type Failure } from './draft.ts';
import { type AgentAtWork, chat, checkpoint, executeTool, type Outcome, step, toolCall } from './genAi.ts';
import { ODD_NAMES, PHOTO_DATA_URI, pythonStack } from './messyTexts.ts';

/** How often the agent goes from one tool to the other and back. */
export const BACK_AND_FORTH = 6;
const INSERTS = 72;

const KEY_ERROR: Failure = { type: 'KeyError', message: "'weight'", stack: pythonStack() };

/** Doubts the number of rows for a while, fails and mends a script, names spans after objects, writes rows one by one. */
export function cleanRegister(work: AgentAtWork): Outcome {
  let number = 1;
  const turn = (body: (span: DraftSpan) => void) => {
    step(work, number, body);
    checkpoint(work, number++);
  };
  for (let round = 0; round < BACK_AND_FORTH; round++) {
    turn(() => readFile(work));
    turn(() => countRows(work));
  }
  turn(() => runPython(work, FIRST_SCRIPT, KEY_ERROR));
  turn(() => runPython(work, SECOND_SCRIPT, undefined));
  turn(() => classify(work));
  turn(() => writeManifest(work));
  turn(() => verifyShelves(work));
  const summary = 'Manifest written: 1,214 objects, 3,960 kg, 211 fragile, 9 without mass (estimated).';
  step(work, number, () => chat(work, summary));
  return { summary };
}

function readFile(work: AgentAtWork): void {
  const call = toolCall(work, 'read_file', { path: 'register.csv', offset: 0, limit: 20 });
  chat(work, 'I look at the head of the file to be sure of the columns.', [call]);
  executeTool(work, call, () => {
    work.recording.wait(work.random.vary(21));
    return 'id;title;material;year;mass;shelf;condition;provenance\nHM-0001;Sextant;brass;1811;2.1 kg;B4-2;good;gift of the pilots’ guild\n…';
  });
}

function countRows(work: AgentAtWork): void {
  const call = toolCall(work, 'count_rows', { path: 'register.csv' });
  chat(work, 'How many rows are there? The task says 1,214.', [call]);
  executeTool(work, call, () => {
    work.recording.wait(work.random.vary(34));
    return { rows: 1215, note: 'header included' };
  });
}

const FIRST_SCRIPT = `import frames as fr

def to_kilograms(frame): frame["kg"] = frame.apply(lambda row: parse_mass(row["weight"]), axis=1); return frame
def flag_fragile(frame): frame["fragile"] = frame["condition"].str.contains("fragile"); return frame

def clean(register):
    return register.pipe(to_kilograms).pipe(flag_fragile)

register = fr.read_csv("register.csv", sep=";")

manifest = clean(register)
manifest.describe()`;
const SECOND_SCRIPT = FIRST_SCRIPT.replace('row["weight"]', 'row["mass"]');

function runPython(work: AgentAtWork, script: string, failure: Failure | undefined): void {
  const { recording, random } = work;
  const call = toolCall(work, 'run_python', { code: script, timeout_s: 60 });
  const thought = failure
    ? 'Enough looking. A script can clean all rows at once.'
    : 'The column is called mass, not weight. I correct that line and run it again.';
  chat(work, thought, [call]);
  executeTool(work, call, (span) => {
    recording.wait(random.vary(6));
    const attributes: Attributes = { 'http.request.method': 'POST', 'http.route': '/exec', 'sandbox.id': 'sbx-17' };
    recording.span('POST /exec', { service: 'sandbox', kind: 'server', attributes }, (server) => {
      recording.leaf('start kernel', random.vary(820), { attributes: { 'kernel.warm': failure === undefined } });
      recording.span('cell 3', { attributes: { 'code.text': script, 'code.language': 'python' } }, (cell) => {
        recording.leaf('read_csv', random.vary(64), { attributes: { rows: 1214, 'file.size': 103_411 } });
        recording.leaf('to_kilograms', random.vary(22));
        if (failure) recording.fail(cell, failure);
        else recording.leaf('flag_fragile', random.vary(9));
      });
      // The sandbox answers 200 whatever the code did: the failure stands in the body.
      addAttributes(server, { 'http.response.status_code': 200 });
    });
    if (failure) {
      recording.fail(span, { ...failure, escaped: false });
      return { error: `${failure.type}: ${failure.message}` };
    }
    return JSON.stringify({ rows: 1214, kg: { sum: 3960.4, missing: 9 }, fragile: 211 });
  });
}

function classify(work: AgentAtWork): void {
  const { recording, random } = work;
  const names = Object.entries(ODD_NAMES);
  const call = toolCall(work, 'classify_objects', { ids: names.map((_, index) => `HM-${String(1200 + index)}`) });
  chat(work, 'A dozen titles are odd. I have each of them classified by a small model.', [call]);
  executeTool(work, call, () => {
    recording.parallel(
      names.map(([reason, name], index) => () => {
        recording.wait(random.vary(14) * (index % 4));
        recording.span(name, { attributes: objectAttributes(reason, name) }, () => {
          const small = {
            ...work.agent,
            model: 'gpt-4.1-nano',
            responseModel: 'gpt-4.1-nano-2025-04-14',
            history: [],
            price: { input: 0.1, output: 0.4 },
          };
          chat(
            { ...work, agent: small },
            `{"material":"mixed","fragile":${index % 3 === 0},"confidence":0.${60 + index}}`,
          );
        });
      }),
    );
    return { classified: names.length };
  });
}

/** Attributes as careless code makes them: hostile keys, JSON within JSON, a picture, a number as text, nothing at all. */
function objectAttributes(reason: string, name: string): Attributes {
  const all: Attributes = {
    'object.title': name,
    'object.record': JSON.stringify({
      id: 'HM-1200',
      tags: ['ship', 'wood'],
      raw: JSON.stringify({ mass: '1200 g', year: null }),
    }),
    'object.year': '1887',
    'object.mass_kg': 1.2,
  };
  if (reason === 'emoji')
    return { ...all, 'object.photo': PHOTO_DATA_URI, 'object.photo.caption': 'damage on the port side' };
  if (reason === 'markup')
    return { ...all, 'object.note': '<img src=x onerror="alert(1)"> & "quotes"', 'object.link': 'javascript:alert(1)' };
  if (reason === 'protoName' || reason === 'constructorName') {
    return {
      ...all,
      ['__proto__']: '{"isAdmin":true}',
      constructor: 'museum',
      toString: 'not a function',
      hasOwnProperty: false,
    };
  }
  if (reason === 'empty') return {};
  if (reason === 'long')
    return {
      ...all,
      'object.dimensions': [1200, 340.5, 88],
      'object.loan': { lender: { name: 'private', since: null } },
      '': 'a key of no length',
    };
  return all;
}

function writeManifest(work: AgentAtWork): void {
  const { recording, random } = work;
  const call = toolCall(work, 'write_manifest', { table: 'manifest', rows: 1214, batch_size: 17 });
  chat(work, 'All rows are clean. I write the manifest.', [call]);
  executeTool(work, call, () => {
    for (let batch = 0; batch < INSERTS; batch++) {
      recording.leaf('INSERT manifest', random.vary(3.2), {
        kind: 'client',
        attributes: {
          'db.system.name': 'postgresql',
          'db.query.text': 'INSERT INTO manifest (id, title, material, kg, fragile) VALUES ($1, $2, $3, $4, $5)',
          'db.operation.batch.size': batch === INSERTS - 1 ? 7 : 17,
        },
      });
      recording.wait(random.vary(0.6));
    }
    // Nobody waits for the audit log: it ends after its parent.
    recording.background(() =>
      recording.leaf('flush audit log', random.vary(900), { attributes: { 'audit.rows': 1214 } }),
    );
    return { written: 1214 };
  });
}

const SHELVES = [
  { rack: 'A', objects: 311 },
  { rack: 'B', objects: 297 },
  { rack: 'C', objects: 342 },
  { rack: 'D', objects: 264 },
] as const;

function verifyShelves(work: AgentAtWork): void {
  const { recording, random } = work;
  const checks = SHELVES.map((shelf) => ({ shelf, call: toolCall(work, 'verify_rack', { rack: shelf.rack }) }));
  const calls = checks.map(({ call }) => call);
  chat(work, 'Four racks, four counts: manifest against register.', calls);
  const branches = checks.map(({ shelf, call }) => () => {
    executeTool(work, call, () => {
      for (const table of ['manifest', 'register']) {
        recording.leaf(`SELECT ${table}`, random.vary(11), {
          kind: 'client',
          attributes: {
            'db.system.name': 'postgresql',
            'db.query.text': `SELECT count(*) FROM ${table} WHERE shelf LIKE '${shelf.rack}%'`,
            'db.response.returned_rows': 1,
          },
        });
      }
      recording.leaf('compare', random.vary(0.4), { attributes: { equal: true } });
      return { rack: shelf.rack, manifest: shelf.objects, register: shelf.objects };
    });
  });
  recording.parallel(branches);
}
