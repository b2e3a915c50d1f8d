// tsc leaves `./trace.ts` in declarations as it stands in the source; what lies beside them is trace.d.ts, which every
// TypeScript finds as `./trace.js`. And a stylesheet has no declaration, while TypeScript 6 looks for one.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

for (const entry of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!entry.endsWith('.d.ts')) continue;
  const file = path.join(dist, entry);
  const text = readFileSync(file, 'utf8');
  const withExtensions = text.replace(/((?:\bfrom|\bimport)\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\.tsx?\2/g, '$1$2$3.js$2');
  const withoutStyles = withExtensions.replace(/^import ['"][^'"]+\.css['"];\n/gm, '');
  if (withoutStyles !== text) writeFileSync(file, withoutStyles);
}
writeFileSync(path.join(dist, 'styles.css.d.ts'), 'export {};\n');
