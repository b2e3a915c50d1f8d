import { afterEach, beforeEach, vi } from 'vitest';

// A warning from React or from our own code is a fault that a test happened to walk past: it fails the test that caused it.
// A test that expects one spies on the console itself (`vi.spyOn(console, 'warn').mockImplementation(…)`).

const watched = ['error', 'warn'] as const;
let complaints: string[] = [];

beforeEach(() => {
  complaints = [];
  for (const method of watched) {
    vi.spyOn(console, method).mockImplementation((...data: unknown[]) => {
      complaints.push(`console.${method}: ${data.map(describe).join(' ')}`);
    });
  }
});

afterEach(() => {
  for (const method of watched) vi.mocked(console[method]).mockRestore?.();
  if (complaints.length > 0) throw new Error(`The console was not silent in this test:\n${complaints.join('\n')}`);
});

function describe(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
