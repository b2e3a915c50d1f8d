import type { Plugin, UserConfig } from 'vite';

/** The worker that reads comes along as text, for any bundler and none; a classic one, as those start everywhere. */
export const inlineWorker: UserConfig['worker'] = {
  format: 'iife',
  // An app's bundler takes it for text and leaves it as long as it is. Its source map would lie in the package without
  // anything that leads to it.
  plugins: () => [
    { name: 'worker-output', outputOptions: (options) => ({ ...options, minify: true, sourcemap: false }) },
  ],
};

/** Vite's own way to start the worker is refused where a page asks for trusted types: it is made by who imports it. */
export const openedByImporter: Plugin = {
  name: 'worker-opened-by-importer',
  enforce: 'post',
  apply: 'build',
  transform(code, id) {
    if (!id.includes('?worker&inline')) return undefined;
    const opened = code.replaceAll('new Worker(', 'options.open(');
    if (opened === code) this.error(`Vite starts ${id} in another way than it did.`);
    return { code: opened, map: null };
  },
};
