import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { sourceAlias } from '../../../scripts/sourceAlias.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'error',
  plugins: [react()],
  resolve: { alias: sourceAlias },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'chrome123',
    outDir: fileURLToPath(new URL('../../../node_modules/.cache/bench-peers', import.meta.url)),
    emptyOutDir: true,
  },
  preview: { port: 4198, host: '127.0.0.1' },
});
