import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = new URL('../', import.meta.url);

/**
 * Bundles a module of the repository, TypeScript and all, as an app that runs in Node would, and gives its file's address.
 * Names are kept, so that a profile can be read.
 *
 * @param {string} entry from the root of the repository, as `bench/core.ts`
 */
export async function bundleForNode(entry) {
  const file = fileURLToPath(new URL(`node_modules/.cache/bundles/${entry.replace(/\.ts$/, '.mjs')}`, root));
  const bundle = await rolldown({
    input: fileURLToPath(new URL(entry, root)),
    platform: 'node',
    external: /\?worker/, // only Vite knows what that is, and only a page starts one
  });
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  return pathToFileURL(file).href;
}

/** Bundles a module and imports it. @param {string} entry */
export async function importBundled(entry) {
  return import(await bundleForNode(entry));
}
