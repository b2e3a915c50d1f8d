import { describe, expect, it } from 'vitest';
import { linkAddress } from '../../../src/react/attributeText.ts';
import { safeMedia } from '../../../src/react/mediaSafety.ts';
import type { MediaPart } from '../../../src/transforms/agentMessage.ts';

const kindOf = (part: Omit<MediaPart, 'type' | 'modality'>) =>
  safeMedia({ type: 'media', modality: 'image', ...part }).kind;

describe('media out of a trace', () => {
  it('is shown where it is pixels or sound, by its type alone', () => {
    expect(kindOf({ url: 'data:image/png;base64,iVBORw0KGgo=' })).toBe('image');
    expect(kindOf({ url: 'DATA:IMAGE/JPEG;name=a.jpg;base64,/9j/4AAQ' })).toBe('image');
    expect(kindOf({ data: 'UklGRg==', mediaType: 'image/webp' })).toBe('image');
    expect(kindOf({ data: 'R0lGODlh' })).toBe('image');
    expect(kindOf({ data: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]) })).toBe('image');
    expect(kindOf({ data: 'AAAA', mediaType: 'audio/wav' })).toBe('audio');
  });

  it('is only told where it could hold script or load something', () => {
    const told = [
      { url: 'data:image/svg+xml;base64,PHN2Zz4=' },
      { url: 'data:text/html;base64,PHN2Zz4=' },
      { url: 'data:text/html,<script>' },
      { url: 'data:image/png,<svg>' },
      { url: 'javascript:alert(1)' },
      { url: 'blob:https://example.com/1' },
      { url: 'file:///etc/passwd' },
      { data: 'PHN2Zz4=', mediaType: 'image/svg+xml' },
      { data: 'PHN2Zz4=', mediaType: 'text/html; image/png' },
      { data: 'PHN2Zz4=' },
      { data: '" onerror="alert(1)', mediaType: 'image/png' },
      { fileId: 'file-1' },
    ];
    for (const part of told) expect(kindOf(part), JSON.stringify(part)).toBe('told');
  });

  it('of the web is an address, not a source', () => {
    expect(safeMedia({ type: 'media', modality: 'image', url: 'https://example.com/a.png' })).toEqual({
      kind: 'remote',
      address: 'https://example.com/a.png',
    });
  });

  it('is looked at by its head alone: ten megabytes cost no search', () => {
    const media = safeMedia({
      type: 'media',
      modality: 'image',
      url: `data:image/png;base64,${'A'.repeat(10_000_000)}`,
    });
    expect(media).toMatchObject({ kind: 'image', bytes: 7_500_000 });
  });
});

it('links lead to web and mail addresses alone', () => {
  expect(linkAddress('https://example.com/a?b#c')).toBe('https://example.com/a?b#c');
  expect(linkAddress('mailto:someone@example.com')).toBe('mailto:someone@example.com');
  const refused = [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    '//example.com',
    '/relative',
    'mailto:a@b?body=x',
    '',
  ];
  for (const url of refused) expect(linkAddress(url), url).toBeUndefined();
});

it('gives a browser no address that it cannot take: base64 that is cut off, or none', () => {
  const kindOf = (data: string) => safeMedia({ type: 'media', modality: 'image', mediaType: 'image/png', data }).kind;
  expect(kindOf('iVBORw0KGgo=')).toBe('image');
  expect(kindOf('iVBORw0K\nGgo=')).toBe('image');
  expect(kindOf('iVBORw0KG')).toBe('told');
  expect(kindOf('iVBORw0KGgo=AAAA')).toBe('told');
  expect(kindOf('iVBORw0KGgo… 12 kB left out')).toBe('told');
});
