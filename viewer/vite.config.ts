import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { browsers } from '../scripts/browsers.ts';
import { sourceAlias } from '../scripts/sourceAlias.ts';

// The viewer reaches the library by its public names alone; only what they lead to differs from an app that installed it.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  resolve: { alias: sourceAlias },
  optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', 'd3-scale', 'd3-hierarchy'] },
  server: { port: 5173, strictPort: false, open: false },
  build: { target: browsers, cssTarget: browsers, outDir: 'dist', emptyOutDir: true },
});
