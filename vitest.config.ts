import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const silence = './test/setup/consoleSilence.ts';

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        test: { name: 'unit', environment: 'node', include: ['test/unit/**/*.test.ts'], setupFiles: [silence] },
      },
      {
        extends: true,
        plugins: [react()],
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: ['test/dom/**/*.test.{ts,tsx}'],
          setupFiles: [silence, './test/setup/dom.ts'],
        },
      },
    ],
  },
});
