import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bytes that an app loads at first for what `code` imports of the package: bundled, minified and gzipped, d3 included unless it is to
 * be left out, React and OpenTelemetry left out. The worker, which is loaded when something is read, is not in it.
 *
 * @param {string} code a module, which imports the package by its names
 * @param {{ withoutD3?: boolean, from?: 'dist' | 'src' }} [options] `dist` is the built package, `src` what it is built of
 */
export async function bundledSize(code, { withoutD3 = false, from = 'dist' } = {}) {
  const entry = '\0entry';
  const hosted = /^(react|react-dom|@opentelemetry\/[a-z-]+)(\/|$)/; // what an app has anyway
  const external = [hosted, ...(withoutD3 ? [/^d3-/] : []), ...(from === 'src' ? [/\?worker/] : [])];
  const extension = from === 'src' ? 'ts' : 'js';
  const bundle = await rolldown({
    cwd: root,
    input: entry,
    external,
    platform: 'browser',
    logLevel: 'silent', // it warns that a bundle drops 'use client', which is of no concern here
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => {
          if (id === entry) return id;
          if (id === 'spanscope') return `${root}${from}/index.${extension}`;
          if (id === 'spanscope/core') return `${root}${from}/core.${extension}`;
          if (id === 'spanscope/tracer') return `${root}${from}/tracer.${extension}`;
          return undefined;
        },
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  return gzippedSize(
    output.map((chunk) => (chunk.type === 'chunk' && !chunk.isDynamicEntry ? chunk.code : '')).join(''),
  );
}

/** @param {string} text */
export function gzippedSize(text) {
  return gzipSync(text, { level: 9 }).length;
}
