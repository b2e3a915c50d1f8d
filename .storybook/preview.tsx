import type { Decorator, Preview } from '@storybook/react-vite';
import 'spanscope/styles.css';

/** The stylesheet follows the page's own `color-scheme`, so the toolbar sets that and nothing else. */
const withTheme: Decorator = (Story, { globals }) => {
  document.documentElement.style.colorScheme = globals.theme === 'dark' ? 'dark' : 'light';
  return <Story />;
};

const preview: Preview = {
  decorators: [withTheme],
  initialGlobals: { theme: 'light' },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        icon: 'contrast',
        dynamicTitle: true,
        items: [
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
      },
    },
  },
  parameters: {
    layout: 'fullscreen',
    backgrounds: { disable: true },
    // A finding of axe fails the story's test.
    a11y: { test: 'error' },
  },
};

export default preview;
