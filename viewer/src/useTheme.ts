import { useEffect, useState } from 'react';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** The page's own `color-scheme`, which the views follow. */
export function useTheme(): [theme: Theme, next: () => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const asked = new URLSearchParams(location.search).get('theme');
    return themes.find((each) => each === asked) ?? 'auto';
  });
  useEffect(() => {
    document.documentElement.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
  }, [theme]);
  return [theme, () => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length]!)];
}
