import type { UserConfig } from 'vite';

/** The worker that reads comes along as text, for any bundler and none; a classic one, as those start everywhere. */
export const inlineWorker: UserConfig['worker'] = {
  format: 'iife',
  // An app's bundler takes it for text and leaves it as long as it is. Its source map would lie in the package without
  // anything that leads to it.
  plugins: () => [
    { name: 'worker-output', outputOptions: (options) => ({ ...options, minify: true, sourcemap: false }) },
  ],
};
