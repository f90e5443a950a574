import type { SourceSettings } from './sources.ts';

type Kept = { kind: SourceSettings['kind']; settings: SourceSettings['settings'] };
type Of<K extends SourceSettings['kind']> = Extract<SourceSettings, { kind: K }>['settings'];

/**
 * The secrets without which a source cannot be read, as its settings call them. Their values are never part of the settings.
 */
export function secretNames({ kind, settings }: Kept): string[] {
  if (kind === 'weibo') return ['access-token'];
  if (kind === 'wechat') {
    const { messages } = settings as Of<'wechat'>;
    return [
      'app-secret',
      ...(messages === 'off' ? [] : ['callback-token']),
      ...(messages === 'aes' ? ['encoding-aes-key'] : []),
    ];
  }
  if (kind !== 'api') return [];
  // What the settings fill in by name: in headers, the query and the body that is sent.
  const { headers, query, body } = settings as Of<'api'>;
  const text = JSON.stringify([headers, query, body]);
  return [...new Set([...text.matchAll(/\{([a-z][a-z0-9-]{0,39})\}/gu)].map(([, name]) => String(name)))];
}

/** Secrets that a source may have besides those that it needs. */
export function optionalSecretNames({ kind, settings }: Kept): string[] {
  // While the platform changes from one key to the next, messages come under either.
  return kind === 'wechat' && (settings as Of<'wechat'>).messages === 'aes'
    ? ['encoding-aes-key-previous']
    : [];
}

/**
 * The origin that a source's requests, and with them its secrets, go to; null: it asks nobody. Secrets are set for it: they do
 * not move along when somebody names another one.
 */
export function destinationOf({ kind, settings, url }: Kept & { url: string | null }): string | null {
  const asked = kind === 'weibo' || kind === 'wechat' ? (settings as Of<'weibo'>).endpoint : url;
  return asked === null ? null : (URL.parse(asked)?.origin ?? null);
}

/** The account behind a source, as everything that uses it calls it; null: the source is none of an account. */
export function accountOf({ kind, settings }: Kept): string | null {
  if (kind === 'weibo') return `weibo:${(settings as Of<'weibo'>).uid}`;
  if (kind === 'wechat') return `wechat:${(settings as Of<'wechat'>).appId}`;
  return null;
}

/** The variable that holds a secret of a source in hub.yaml: `JIANSHENG_SECRET_⟨KEY⟩_⟨NAME⟩`. */
export function secretVariable(key: string, name: string): string {
  return `JIANSHENG_SECRET_${`${key}_${name}`.toUpperCase().replaceAll('-', '_')}`;
}
