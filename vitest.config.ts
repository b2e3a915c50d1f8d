import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium, launchOptions } from './scripts/chromium.mjs';
import { sourceAlias } from './scripts/sourceAlias.ts';

const silence = './test/setup/consoleSilence.ts';
const cleanup = './test/setup/testingLibrary.ts';

// A dependency that Vite meets only in the middle of a run makes it reload the page under the test.
const optimizeDeps = {
  include: [
    'react',
    'react-dom',
    'react-dom/client',
    'react-dom/server',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    '@testing-library/react',
    '@testing-library/user-event',
    '@testing-library/jest-dom/vitest',
    'd3-scale',
    'd3-hierarchy',
  ],
};

export default defineConfig({
  resolve: { alias: sourceAlias },
  test: {
    // Only a test that hangs is to fail by time: machines are slow, and shared.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        extends: true,
        test: { name: 'unit', environment: 'node', include: ['test/unit/**/*.test.{ts,tsx}'], setupFiles: [silence] },
      },
      {
        extends: true,
        test: { name: 'viewer', environment: 'node', include: ['test/viewer/**/*.test.ts'], setupFiles: [silence] },
      },
      {
        extends: true,
        plugins: [react()],
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: ['test/dom/**/*.test.{ts,tsx}'],
          setupFiles: [silence, cleanup],
        },
      },
      {
        extends: true,
        plugins: [react()],
        optimizeDeps,
        test: {
          name: 'browser',
          // A loaded machine draws late.
          expect: { poll: { timeout: 10_000 } },
          include: ['test/browser/**/*.test.{ts,tsx}'],
          setupFiles: [silence, cleanup],
          browser: await inChromium(),
        },
      },
      {
        extends: true,
        plugins: [storybookTest({ configDir: '.storybook' })],
        optimizeDeps,
        test: { name: 'stories', setupFiles: [silence], browser: await inChromium() },
      },
    ],
  },
});

async function inChromium() {
  return {
    enabled: true,
    headless: true,
    provider: playwright({ launchOptions: await chromiumLaunch() }),
    instances: [{ browser: 'chromium' as const, viewport: { width: 1280, height: 800 } }],
    screenshotFailures: false,
  };
}

/** Projects that need no browser also run where there is none, and so does who only reads these settings (knip). */
async function chromiumLaunch() {
  const asked = process.argv.flatMap((arg, place, all) =>
    arg === '--project' ? [all[place + 1]] : arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [],
  );
  if (!process.env.VITEST) return {};
  if (asked.length > 0 && asked.every((project) => project === 'unit' || project === 'dom')) return {};
  const chromium = await findChromium();
  if (!chromium) throw new Error('The browser tests need a Chromium: `node scripts/chromium.mjs` gets one.');
  return launchOptions(chromium);
}
