import { channelSettings } from '../../config/channels.ts';
import type { Channel } from '../../config/release-types.ts';

/** A line of the form of a channel's account. */
export type ChannelField = {
  /** Where the value stands in the settings, `quotas.submit`; also the name of the input. */
  name: string;
  as: 'text' | 'number' | 'choice' | 'tick';
  options?: readonly string[];
  /** The platform's usual value serves nearly everybody: folded away. */
  advanced?: true;
};

const quotas = ['submit', 'status', 'list', 'delete', 'draftAdd', 'draftGet', 'draftDelete', 'day'];

/** What a person sets of an account of each channel, in the order in which it is asked. */
export const channelFields: Readonly<Record<Channel, readonly ChannelField[]>> = {
  website: [
    { name: 'baiduSite', as: 'text' },
    { name: 'baiduEndpoint', as: 'text', advanced: true },
  ],
  weibo: [
    { name: 'appKey', as: 'text' },
    { name: 'boundDomain', as: 'text' },
    { name: 'rip', as: 'text' },
    { name: 'callsPerDay', as: 'number', advanced: true },
    { name: 'postsPerHour', as: 'number', advanced: true },
    { name: 'endpoint', as: 'text', advanced: true },
    { name: 'pages', as: 'text', advanced: true },
  ],
  wechat: [
    { name: 'kind', as: 'choice', options: ['subscription', 'service'] },
    { name: 'certified', as: 'tick' },
    { name: 'callback', as: 'choice', options: ['off', 'plain', 'compat', 'aes'] },
    ...quotas.map((name): ChannelField => ({ name: `quotas.${name}`, as: 'number', advanced: true })),
    { name: 'endpoint', as: 'text', advanced: true },
  ],
};

/** What stands in each line, as it was typed; a tick is `on` or empty. */
export type ChannelTyped = Record<string, string>;

/** The settings as lines of the form. */
export function typedOf(channel: Channel, settings: unknown): ChannelTyped {
  return Object.fromEntries(
    channelFields[channel].map(({ name }) => {
      const value = name
        .split('.')
        .reduce<unknown>((of, part) => (of as Record<string, unknown> | undefined)?.[part], settings);
      if (typeof value === 'boolean') return [name, value ? 'on' : ''];
      return [name, typeof value === 'string' || typeof value === 'number' ? String(value) : ''];
    }),
  );
}

/** What each line is when nothing is typed into it; empty where the channel needs to be told. */
export function usualOf(channel: Channel): ChannelTyped {
  const { shape } = channelSettings[channel];
  const parts = Object.entries(shape).map(([name, part]) => [name, part.safeParse(undefined).data] as const);
  return typedOf(channel, Object.fromEntries(parts));
}
