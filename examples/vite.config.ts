import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { inlineWorker, openedByImporter } from '../scripts/inlineWorker.ts';
import { sourceAlias } from '../scripts/sourceAlias.ts';

/** The agent beside its trace, for this page in this repository alone: an app of yours needs none of it. */
export default defineConfig({
  root: fileURLToPath(new URL('agent', import.meta.url)),
  plugins: [react(), openedByImporter],
  worker: inlineWorker,
  resolve: { alias: sourceAlias },
  server: { host: '127.0.0.1' },
});
