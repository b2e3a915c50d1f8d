import type { Decorator } from '@storybook/react-vite';

/** A place of a given size for a view to fill, as a page of the caller's would give it. */
export function framed(width: string, height: string): Decorator {
  return function Framed(Story) {
    return (
      <div style={{ width, height, maxWidth: '100%' }}>
        <Story />
      </div>
    );
  };
}

export const wide = framed('1200px', '640px');
export const narrow = framed('360px', '640px');
export const tile = framed('320px', '200px');
