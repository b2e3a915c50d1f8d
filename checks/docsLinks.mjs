// Every relative link and anchor of every Markdown file leads somewhere, and no document, script or setting names a folder
// that exists on one machine alone.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file && existsSync(path.join(root, file)));
const documents = new Map(files.filter((file) => file.endsWith('.md')).map((file) => [file, read(file)]));

const problems = [
  ...[...documents].flatMap(([file, text]) => deadLinks(file, text)),
  ...files
    .filter((file) => /\.md$|^(\.ci|\.storybook|checks|scripts)\/|^[^/]*\.(json|ts)$/.test(file))
    .flatMap(machinePaths),
];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}

/** @param {string} file */
function read(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

/** @param {string} file @param {string} text */
function deadLinks(file, text) {
  const prose = withoutCode(text);
  const links = [
    ...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s*(\S+)|(?:href|src)="([^"]+)"/gm),
  ];
  return links.flatMap(([, inline, reference, html]) => {
    const link = inline ?? reference ?? html ?? '';
    if (/^[a-z][a-z+.-]*:/i.test(link)) return [];
    const [target = '', anchor] = link.split('#');
    const found = target ? path.posix.join(path.posix.dirname(file), decodeURI(target)).replace(/\/$/, '') : file;
    if (!files.some((other) => other === found || other.startsWith(`${found}/`)))
      return [`${file}: ${link} leads to no file.`];
    const headings = documents.get(found);
    if (anchor === undefined || headings === undefined || anchors(headings).has(anchor)) return [];
    return [`${file}: ${found} has no heading #${anchor}.`];
  });
}

/** @param {string} text */
function withoutCode(text) {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
}

/** As GitHub makes them. @param {string} text */
function anchors(text) {
  const seen = new Map();
  const names = new Set();
  for (const [, heading = ''] of text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    names.add(count > 0 ? `${slug}-${count}` : slug);
  }
  return names;
}

/** @param {string} file */
function machinePaths(file) {
  const found = /(?:^|[\s"'`(=])((?:\/(?:home|Users|root|work|tmp)\/|[A-Z]:\\)[^\s"'`)]*)/m.exec(read(file));
  return found ? [`${file}: ${found[1]} exists on one machine alone.`] : [];
}
