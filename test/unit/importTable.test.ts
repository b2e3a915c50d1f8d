import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  forbiddenImports,
  readImportTable,
  reexportedNames,
  specifiers,
  tableFiles,
} from '../../checks/importTable.mjs';

const table = readImportTable();

describe('the import table', () => {
  it('is kept by every file of src, samples, stories and the viewer', () => {
    expect(tableFiles().flatMap(({ file, text }) => forbiddenImports(table, file, text))).toEqual([]);
  });

  it('lets a folder import only folders that stand above it, so that there is no circle', () => {
    const folders = Object.keys(table.folders);
    for (const [place, folder] of folders.entries()) {
      const above = folders.slice(0, place);
      expect(above, folder).toEqual(expect.arrayContaining(table.folders[folder]?.imports ?? []));
    }
  });

  it('keeps React, the DOM and Node out of all that the core re-exports', () => {
    const core = table.entries['src/core.ts']?.imports ?? [];
    expect(core).toEqual(
      expect.arrayContaining(['src/model', 'src/formats', 'src/transforms', 'src/layout', 'src/text']),
    );
    for (const folder of core)
      expect(table.folders[folder]?.packages.filter((name) => !name.startsWith('d3-') && name !== 'fflate')).toEqual(
        [],
      );
  });

  it('is obeyed by index.ts in that it re-exports every name of core.ts as what it is there', () => {
    const ofCore = reexportedNames(readFileSync('src/core.ts', 'utf8'));
    expect(ofCore.length).toBeGreaterThan(0);
    expect(reexportedNames(readFileSync('src/index.ts', 'utf8'), './core.ts').sort()).toEqual(ofCore.sort());
  });
});

describe('the check of the import table', () => {
  const from = (file: string, text: string) => forbiddenImports(table, file, text);

  it('sees every way to import', () => {
    const text = `
      import a from './a.ts';
      import type { B } from './b.ts';
      import { type C } from './c.ts';
      import './d.css';
      export * from './e.ts';
      export type { F } from './f.ts';
      type G = import('./g.ts').G;
      const h = () => import('./h.ts');
      import Worker from './i.ts?worker&inline';
      // import './comment.ts'
      const text = "import './string.ts'";`;
    expect(specifiers(text)).toEqual(
      ['a.ts', 'b.ts', 'c.ts', 'd.css', 'e.ts', 'f.ts', 'g.ts', 'h.ts', 'i.ts'].map((name) => `./${name}`),
    );
  });

  it.each([
    ['src/model/a.ts', "import { x } from '../formats/json.ts'"],
    ['src/model/deep/a.ts', "export * from '../../formats/json.ts'"],
    ['src/model/a.ts', "type T = import('../react/x.tsx').T"],
    ['src/model/a.ts', "import { x } from '../index.ts'"],
    ['src/transforms/a.ts', "import { scaleLinear } from 'd3-scale'"],
    ['src/formats/a.ts', "import fs from 'node:fs'"],
    ['src/react/a.tsx', "import { createPortal } from 'react-dom'"],
    ['src/react/a.tsx', "import('../element/x.ts')"],
    ['samples/a.ts', "import { parseTraces } from 'spanscope/core'"],
    ['samples/a.ts', "import { Trace } from '../src/model/trace.ts'"],
    ['stories/a.stories.tsx', "import { Waterfall } from '../src/react/Waterfall.tsx'"],
    ['viewer/src/a.tsx', "import { TraceView } from '../../src/index.ts'"],
    ['src/core.ts', "export * from './model/trace.ts'"],
    ['src/core.ts', "export { x } from './react/x.ts'"],
    ['src/core.ts', 'export const x = 1'],
    ['src/stray.ts', ''],
    ['src/utils/stray.ts', ''],
  ])('refuses in %s: %s', (file, text) => {
    expect(from(file, text)).toHaveLength(1);
  });

  it.each([
    ['src/model/deep/a.ts', "import { x } from '../trace.ts'"],
    ['src/layout/a.ts', "import { scaleLinear } from 'd3-scale'; import { bounds } from '../transforms/timeBounds.ts'"],
    ['src/react/a.tsx', "import { jsx } from 'react/jsx-runtime'; import './styles.css'"],
    ['src/cli/a.ts', "import { readFile } from 'node:fs/promises'"],
    ['src/tracer/a.ts', "import { trace } from '@opentelemetry/api'"],
    ['viewer/src/a.tsx', "import { createRoot } from 'react-dom/client'; import 'spanscope/styles.css'"],
    ['src/index.ts', "export { parseTraces, type Trace } from './core.ts'"],
  ])('allows in %s: %s', (file, text) => {
    expect(from(file, text)).toEqual([]);
  });
});

describe("Biome's rules", () => {
  it('say what the table says', () => {
    expect(() =>
      execFileSync(process.execPath, ['checks/importRules.mjs', '--check'], { stdio: 'pipe' }),
    ).not.toThrow();
  });

  it('are applied by Biome to what is written', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spanscope-lint-'));
    try {
      for (const name of ['biome.json', 'biome.imports.json']) copyFileSync(name, path.join(folder, name));
      mkdirSync(path.join(folder, 'src/formats'), { recursive: true });
      const files = {
        'allowed.ts': "import { x } from '../model/trace.ts';\nx();\n",
        'folder.ts': "import { x } from '../react/x.tsx';\nx();\n",
        'package.ts': "import { x } from 'd3-scale';\nx();\n",
        'type.ts': "export type { X } from 'react';\n",
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, 'src/formats', name), text);
      const biome = path.resolve('node_modules/@biomejs/biome/bin/biome');
      const args = [biome, 'lint', '--only=style/noRestrictedImports', '--vcs-enabled=false', '--reporter=github'];
      const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      const found = [...stdout.matchAll(/title=lint\/style\/noRestrictedImports,file=[^,]*?(\w+\.ts),/g)];
      expect(found.map(([, name]) => name).sort()).toEqual(['folder.ts', 'package.ts', 'type.ts']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
