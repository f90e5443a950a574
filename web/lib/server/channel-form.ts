import { channelSettings, externalIds } from '../../../config/channels.ts';
import { channels, type Channel } from '../../../config/release-types.ts';
import type { ChannelDetails } from '../../../store/channel-accounts.ts';
import { channelFields, type ChannelTyped } from '../channel-fields.ts';
import { channelMessages } from '../messages/channels.ts';
import { field } from './form.ts';

const words = channelMessages.form;
const NAME_LENGTH = 60;

/** By line: what is wrong with it. */
export type ChannelWrong = Record<string, string>;

export function readChannel(text: string): Channel | null {
  return channels.find((channel) => channel === text) ?? null;
}

type Read = { typed: ChannelTyped; wrong: ChannelWrong };

/**
 * What a form says of an account: its name, whether it is only tried out, and the lines of its channel.
 * @param kept the settings that stand now, for whatever has no line
 */
export function readDetails(
  sent: FormData,
  channel: Channel,
  kept: Record<string, unknown> = {},
): Read & { details: { name: string; dryRun: boolean; settings: unknown } | null } {
  const name = field(sent, 'name').toWellFormed().replaceAll('\0', '').trim();
  const dryRun = field(sent, 'dryRun') === 'on';
  const typed: ChannelTyped = { name, dryRun: dryRun ? 'on' : '' };
  const wrong: ChannelWrong = {};
  if (name === '' || name.length > NAME_LENGTH) wrong['name'] = words.required;
  const settings: Record<string, unknown> = { ...kept };
  for (const { name: line, as } of channelFields[channel]) {
    const text = field(sent, line).trim();
    typed[line] = text;
    const value =
      as === 'tick' ? text === 'on' : text === '' ? undefined : as === 'number' ? Number(text) : text;
    if (Number.isNaN(value)) wrong[line] = words.number;
    put(settings, line, value);
  }
  const read = channelSettings[channel].safeParse(settings);
  for (const issue of read.error?.issues ?? []) {
    const line = issue.path.join('.');
    wrong[line] ??= typed[line] === '' ? words.required : issue.message;
  }
  const details =
    read.success && Object.keys(wrong).length === 0 ? { name, dryRun, settings: read.data } : null;
  return { typed, wrong, details };
}

/** As `readDetails`, of an account that is to be added: with what the platform calls it. */
export function readNewChannel(sent: FormData, channel: Channel): Read & { details: ChannelDetails | null } {
  const { typed, wrong, details } = readDetails(sent, channel);
  // Weibo says itself whose account was authorised.
  const text = channel === 'wechat' ? field(sent, 'externalId').trim() : '';
  const externalId = externalIds[channel].safeParse(text);
  typed['externalId'] = text;
  if (!externalId.success) {
    wrong['externalId'] =
      text === '' ? words.required : (externalId.error.issues[0]?.message ?? words.required);
  }
  if (!details || !externalId.success) return { typed, wrong, details: null };
  return { typed, wrong, details: { channel, externalId: externalId.data, ...details } as ChannelDetails };
}

/** Puts a value at its place; undefined takes it away, so that it is as the channel has it by default. */
function put(into: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length > 0) {
    const part = { ...(into[first] as Record<string, unknown> | undefined) };
    put(part, rest.join('.'), value);
    into[first] = part;
  } else if (value === undefined) delete into[first];
  else into[first] = value;
}
