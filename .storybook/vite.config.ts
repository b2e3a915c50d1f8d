import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { sourceAlias } from '../scripts/sourceAlias.ts';

export default defineConfig({ plugins: [react()], resolve: { alias: sourceAlias } });
