/** What a person chose for this browser. Kept in cookies, so that the server draws the first page accordingly. */
function keep(name: string, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

export type Theme = 'system' | 'light' | 'dark';

export function keepTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  keep('jiansheng-theme', theme);
  // Charts are drawn, not styled: they have to draw again.
  document.dispatchEvent(new Event('jiansheng:theme'));
}

export function currentTheme(): Theme {
  const value = document.documentElement.dataset['theme'];
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function keepNavigation(narrow: boolean): void {
  keep('jiansheng-nav', narrow ? 'narrow' : 'wide');
}
