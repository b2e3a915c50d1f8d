import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { browsers } from '../../scripts/browsers.ts';
import { sourceAlias } from '../../scripts/sourceAlias.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'error',
  plugins: [react()],
  resolve: { alias: sourceAlias },
  build: {
    target: browsers,
    cssTarget: browsers,
    outDir: fileURLToPath(new URL('../../node_modules/.cache/bench-page', import.meta.url)),
    emptyOutDir: true,
  },
  preview: { port: 4199, host: '127.0.0.1' },
});
