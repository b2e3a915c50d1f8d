import type { Decorator, Preview, StoryContext } from '@storybook/react-vite';
import axe from 'axe-core';
import 'spanscope/styles.css';

/** The stylesheet follows the page's own `color-scheme`, so the toolbar sets that and nothing else. */
const withTheme: Decorator = (Story, { globals }) => {
  document.documentElement.style.colorScheme = globals.theme === 'dark' ? 'dark' : 'light';
  return <Story />;
};

/** The addon looks at a story as it stands, which is in light: in a test, its colours in dark are looked at as well. */
async function contrastInDark({ canvasElement, parameters, globals }: StoryContext): Promise<void> {
  if (import.meta.env.MODE !== 'test' || parameters.a11y?.test === 'off' || globals.theme === 'dark') return;
  document.documentElement.style.colorScheme = 'dark';
  // What is animated to its new colour has it then.
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
  const { violations } = await axe.run(canvasElement, { runOnly: ['color-contrast'] });
  document.documentElement.style.colorScheme = 'light';
  const found = violations.flatMap(({ nodes }) =>
    nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
  );
  if (found.length > 0) throw new Error(`In dark, texts have too little contrast:\n${found.join('\n')}`);
}

const preview: Preview = {
  afterEach: contrastInDark,
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
