import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { browsers } from './scripts/browsers.ts';
import { inlineWorker, openedByImporter } from './scripts/inlineWorker.ts';

/** One script with all inside, React too, for a `<script>` tag: browsers refuse modules from `file://`. */
export default defineConfig({
  plugins: [react(), openedByImporter],
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  worker: inlineWorker,
  build: {
    target: browsers,
    cssTarget: browsers,
    sourcemap: false, // ten times the script, and pages that have it copied do not bring it along
    emptyOutDir: false,
    lib: {
      entry: fileURLToPath(new URL('src/standalone.ts', import.meta.url)),
      formats: ['iife'],
      name: 'spanscopeStandalone',
      fileName: () => 'standalone.js',
    },
    rolldownOptions: { output: { minify: true } },
  },
});
