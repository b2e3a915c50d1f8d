import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { browsers } from './scripts/browsers.ts';
import { inlineWorker, openedByImporter } from './scripts/inlineWorker.ts';

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** The library: one ES module for each source file, so that an app's bundler keeps only what the app imports. */
export default defineConfig({
  plugins: [react(), openedByImporter],
  publicDir: false,
  worker: inlineWorker,
  build: {
    target: browsers,
    cssTarget: browsers,
    sourcemap: true,
    minify: false, // the app's bundler does that, and an error's stack stays readable until then
    cssMinify: true,
    cssCodeSplit: true, // without it a stylesheet cannot be an entry
    lib: {
      entry: {
        index: source('index.ts'),
        core: source('core.ts'),
        element: source('element.ts'),
        cli: source('cli.ts'),
        tracer: source('tracer.ts'),
        styles: source('react/styles.css'),
      },
      formats: ['es'],
    },
    rolldownOptions: {
      external: (id) =>
        !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(id) && !id.startsWith('\0'),
      output: {
        preserveModules: true,
        preserveModulesRoot: 'src',
        entryFileNames: '[name].js',
        assetFileNames: '[name][extname]',
      },
    },
  },
});
