import { expect, it, vi } from 'vitest';

// test/setup/consoleSilence.ts fails the test in which the console was used: these pass because they fail.
it.fails('a test that calls console.error fails', () => {
  console.error('something went wrong');
});

it.fails('a test that calls console.warn fails', () => {
  console.warn('something is odd');
});

it('a test that expects a warning may watch for it', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  console.warn('as expected');
  expect(warn).toHaveBeenCalledWith('as expected');
});
