/** The most telling first: nearly all of them also call themselves by the names further down. */
const BROWSERS: readonly [RegExp, string][] = [
  [/MicroMessenger\//u, 'WeChat'],
  [/Edg(?:e|A|iOS)?\//u, 'Edge'],
  [/QQBrowser\//u, 'QQ Browser'],
  [/MetaSr|SE 2\.X/u, 'Sogou'],
  [/UCBrowser\//u, 'UC'],
  [/HuaweiBrowser\//u, 'Huawei Browser'],
  [/OPR\//u, 'Opera'],
  [/(?:Firefox|FxiOS)\//u, 'Firefox'],
  [/(?:Chrome|CriOS|Chromium)\//u, 'Chrome'],
  [/Safari\//u, 'Safari'],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/u, 'HarmonyOS'],
  [/Android/u, 'Android'],
  [/iPhone|iPad|iPod/u, 'iOS'],
  [/Windows/u, 'Windows'],
  [/Mac OS X|Macintosh/u, 'macOS'],
  [/Linux|X11/u, 'Linux'],
];

/**
 * Browser and system of a User-Agent, without versions: enough to know one's own device again, and unchanged by an update.
 * Empty when neither is known.
 */
export function deviceOf(userAgent: string | null): string {
  const text = (userAgent ?? '').slice(0, 500);
  const first = (names: typeof BROWSERS) => names.find(([sign]) => sign.test(text))?.[1];
  return [first(BROWSERS), first(SYSTEMS)].filter((name) => name !== undefined).join(' · ');
}
