import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { browsers } from '../scripts/browsers.ts';
import { sourceAlias } from '../scripts/sourceAlias.ts';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: sourceAlias },
  build: { target: browsers, cssTarget: browsers },
});
