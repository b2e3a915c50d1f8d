// Finds a Chromium for the tests or, where there is none, gets one.
//
//   node scripts/chromium.mjs          find, else get, and print which one it is
//   node scripts/chromium.mjs --get playwright | npm | apt     try this one way of getting it
//
// Find, the first that answers `--version`: $CHROMIUM_PATH (and nothing else where it is set), Playwright's own, an installed
// Chromium, Chrome or Edge, one that an earlier run unpacked. Get: Playwright's download, else a build from npm (Linux x64),
// else Debian's package.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/**
 * @typedef {object} Chromium
 * @property {string} executablePath
 * @property {Record<string, string>} env what must be in its environment besides our own
 * @property {string} source where it came from, for people
 * @property {string} version
 */

/** Steady pictures, no sandbox (there is none in containers), and nothing leaves the machine. */
export const launchFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
];

/**
 * What `playwright.chromium.launch` takes for this browser.
 *
 * @param {Chromium} chromium
 */
export function launchOptions({ executablePath, env }) {
  return { executablePath, args: launchFlags, env: /** @type {Record<string, string>} */ ({ ...process.env, ...env }) };
}

/** @returns {Promise<Chromium | undefined>} */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    const chromium = await answering({ executablePath: named, env: {}, source: '$CHROMIUM_PATH' });
    if (!chromium)
      throw new Error(`CHROMIUM_PATH is ${named}, which does not answer --version. Correct it or unset it.`);
    return chromium;
  }
  for (const candidate of [...(await playwrightsOwn()), ...installed(), unpackedFromNpm()]) {
    const chromium = await answering(candidate);
    if (chromium) return chromium;
  }
  return undefined;
}

/**
 * @param {(line: string) => void} [log]
 * @returns {Promise<Chromium>}
 */
export async function getChromium(log = () => {}) {
  const found = await findChromium();
  if (found) return found;
  const failures = [];
  for (const [name, way] of Object.entries(waysToGet)) {
    try {
      log(`No Chromium found; trying ${way.title} …`);
      await way.get();
      const chromium = await findChromium();
      if (chromium) return chromium;
      failures.push(`${name}: finished, yet no Chromium answers --version`);
    } catch (error) {
      failures.push(`${name}: ${firstLines(error)}`);
    }
  }
  throw new Error(
    `The browser tests need a Chromium, and none was found or could be got.\n${failures.map((line) => `  ${line}`).join('\n')}\n` +
      'Install Chromium, Chrome or Edge, or set CHROMIUM_PATH to one.',
  );
}

/** @type {Record<string, { title: string, get: () => Promise<void> }>} */
const waysToGet = {
  playwright: { title: "Playwright's download", get: getFromPlaywright },
  npm: { title: '@sparticuz/chromium from npm', get: getFromNpm },
  apt: { title: "Debian's package", get: getFromApt },
};

/**
 * @param {Omit<Chromium, 'version'>} candidate
 * @returns {Promise<Chromium | undefined>}
 */
async function answering(candidate) {
  if (!existsSync(candidate.executablePath)) return undefined;
  // On Windows `chrome.exe --version` opens a window instead of answering.
  if (process.platform === 'win32') return { ...candidate, version: 'unknown version' };
  try {
    const env = { ...process.env, ...candidate.env };
    const { stdout } = await run(candidate.executablePath, ['--version'], { env, timeout: 20_000 });
    return { ...candidate, version: stdout.trim() };
  } catch {
    return undefined;
  }
}

/** Only the revision that this Playwright was made for: others may lie in its folder from other projects. */
async function playwrightsOwn() {
  const { chromium } = await import('playwright');
  const source = "Playwright's own";
  const paths = [];
  const full = chromium.executablePath();
  const playwrightCore = createRequire(require.resolve('playwright/package.json')).resolve(
    'playwright-core/package.json',
  );
  const { browsers } = JSON.parse(readFileSync(path.join(path.dirname(playwrightCore), 'browsers.json'), 'utf8'));
  const shell = browsers.find((/** @type {{ name: string }} */ browser) => browser.name === 'chromium-headless-shell');
  const folder = full && /^(.*[\\/])chromium-\d+[\\/]/.exec(full)?.[1];
  if (folder && shell) {
    const shellFolder = path.join(folder, `chromium_headless_shell-${shell.revision}`);
    for (const entry of existsSync(shellFolder) ? await readdir(shellFolder, { recursive: true }) : []) {
      if (/(^|[\\/])(chrome-headless-shell|headless_shell)(\.exe)?$/.test(entry))
        paths.push(path.join(shellFolder, entry));
    }
  }
  if (full) paths.push(full);
  return paths.map((executablePath) => ({ executablePath, env: {}, source }));
}

function installed() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge'];
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const paths = names.flatMap((name) => folders.map((folder) => path.join(folder, name + suffix)));
  if (process.platform === 'darwin') {
    for (const app of ['Chromium', 'Google Chrome', 'Microsoft Edge'])
      paths.push(`/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  if (process.platform === 'win32') {
    for (const root of [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA]) {
      if (root)
        paths.push(
          path.join(root, 'Google/Chrome/Application/chrome.exe'),
          path.join(root, 'Microsoft/Edge/Application/msedge.exe'),
        );
    }
  }
  return paths.map((executablePath) => ({ executablePath, env: {}, source: 'installed' }));
}

function unpackedFolder() {
  const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const manifest = JSON.parse(readFileSync(path.join(here, 'chromium/package.json'), 'utf8'));
  return path.join(cache, 'spanscope', `chromium-${manifest.dependencies['@sparticuz/chromium']}`);
}

function unpackedFromNpm() {
  const folder = unpackedFolder();
  return {
    executablePath: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'), FONTCONFIG_PATH: path.join(folder, 'fontconfig') },
    source: 'unpacked from npm',
  };
}

async function getFromPlaywright() {
  const cli = path.join(path.dirname(require.resolve('playwright/package.json')), 'cli.js');
  // A server that is blocked, not refused, would otherwise hold us for minutes.
  const env = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000', ...process.env };
  await run(process.execPath, [cli, 'install', '--only-shell', 'chromium'], { env, timeout: 300_000 });
}

/** Built aside and then renamed into place, so that two runs at once, or one that is killed, leave nothing half made. */
async function getFromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('exists for Linux on x64 alone');
  const target = unpackedFolder();
  const work = `${target}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(path.join(work, 'install'), { recursive: true });
  try {
    await cp(path.join(here, 'chromium'), path.join(work, 'install'), {
      recursive: true,
      filter: (from) => path.basename(from) !== 'node_modules',
    });
    const npm = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', npm, { cwd: path.join(work, 'install'), timeout: 300_000 });
    await unpack(work);
    await writeFontConfiguration(work, target);
    await rm(path.join(work, 'install'), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * It unpacks its libraries only where it believes to be on AWS Lambda, and into the temporary folder, where it skips what
 * already lies there: hence an environment and a temporary folder of its own.
 *
 * @param {string} work
 */
async function unpack(work) {
  const script = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
  const env = { ...process.env, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x', TMPDIR: work };
  await run(process.execPath, ['-e', script], { cwd: path.join(work, 'install'), env, timeout: 120_000 });
}

/**
 * Its own fonts.conf names a folder that exists on Lambda alone, and then all text is drawn as nothing, without an error.
 *
 * @param {string} work where the fonts lie now
 * @param {string} target where they will lie
 */
async function writeFontConfiguration(work, target) {
  const folder = path.join(work, 'fontconfig');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${target}/fonts</dir>
  <cachedir>${target}/fontcache</cachedir>
</fontconfig>
`,
  );
}

async function getFromApt() {
  if (!existsSync('/etc/debian_version')) throw new Error('not a Debian');
  if (process.getuid?.() !== 0) throw new Error('not root: run `sudo apt-get install chromium` yourself');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env, timeout: 120_000 });
  const packages = ['chromium', 'fonts-dejavu-core'];
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
    timeout: 300_000,
    maxBuffer: 1 << 26,
  });
}

/** @param {unknown} error */
function firstLines(error) {
  const text =
    error instanceof Error ? /** @type {{ stderr?: string }} */ (error).stderr || error.message : String(error);
  return text.trim().split('\n').slice(0, 3).join(' | ');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const way = process.argv[2] === '--get' ? waysToGet[process.argv[3] ?? ''] : undefined;
  try {
    if (process.argv[2] && !way)
      throw new Error(`Usage: node scripts/chromium.mjs [--get ${Object.keys(waysToGet).join(' | ')}]`);
    await way?.get();
    const { version, source, executablePath } = await getChromium(console.log);
    console.log(`Chromium: ${version} (${source}, ${executablePath})`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
