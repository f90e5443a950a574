import { channels, releaseTypes } from '../../../config/release-types.ts';
import type { PublishingSettings } from '../../../store/publishing-settings.ts';
import type { SeriesPlan } from '../../../store/release-series.ts';
import { clockOf } from '../calendar.ts';
import { seriesMessages as words } from '../messages/series.ts';
import { field } from './form.ts';

export type Problem = { problem: string };

/** @returns minute of the day of `09:05`; null when it is none */
function minuteField(sent: FormData, name: string): number | null {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)(?::\d\d)?$/.exec(field(sent, name).trim());
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : null;
}

/** @returns a whole number within bounds; null when it is none */
function wholeField(sent: FormData, name: string, least: number, most: number): number | null {
  const text = field(sent, name).trim();
  if (!/^\d{1,5}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}

export function readSettings(sent: FormData): PublishingSettings | Problem {
  const blank = (name: string) => field(sent, name).trim() === '';
  const [quietFrom, quietUntil] = [minuteField(sent, 'quietFrom'), minuteField(sent, 'quietUntil')];
  const none = blank('quietFrom') && blank('quietUntil');
  if (!none && (quietFrom === null || quietUntil === null || quietFrom === quietUntil))
    return { problem: words.settings.badQuiet };
  const gapMinutes = wholeField(sent, 'gap', 0, 1440);
  if (gapMinutes === null) return { problem: words.settings.badGap };
  const missedAfterMinutes = wholeField(sent, 'missed', 1, 10_080);
  if (missedAfterMinutes === null && !blank('missed')) return { problem: words.settings.badMissed };
  const afterHours = wholeField(sent, 'after', 1, 168);
  if (afterHours === null) return { problem: words.settings.badAfter };
  return { quietFrom, quietUntil, gapMinutes, missedAfterMinutes, afterHours };
}

export function readSeries(sent: FormData): SeriesPlan | Problem {
  const name = field(sent, 'name').toWellFormed().replaceAll('\0', '').trim();
  if (name === '' || name.length > 60) return { problem: words.badName };
  const type = releaseTypes.find((known) => known === field(sent, 'type'));
  if (!type) return { problem: words.badType };
  const weekdays = [1, 2, 3, 4, 5, 6, 7].filter((each) => sent.getAll('weekday').includes(String(each)));
  const named = field(sent, 'monthDays')
    .split(/[\s,，、]+/u)
    .filter((each) => each !== '');
  const sound = named.every((each) => /^\d{1,2}$/.test(each) && Number(each) >= 1 && Number(each) <= 31);
  const monthDays = [...new Set(named.map(Number))].toSorted((a, b) => a - b);
  if (!sound || (weekdays.length === 0 && monthDays.length === 0)) return { problem: words.badDays };
  const minute = minuteField(sent, 'time');
  if (minute === null) return { problem: words.badTime };
  const chosen = channels.filter((each) => sent.getAll('channel').includes(each));
  if (chosen.length === 0) return { problem: words.badChannels };
  const template = field(sent, 'template');
  const templateId = /^[1-9]\d{0,8}$/.test(template) ? Number(template) : null;
  return { name, type, templateId, weekdays, monthDays, minute, channels: chosen };
}

/** The fields that `readSeries` reads a plan from again: what undoes a change. */
export function fieldsOf(id: number, plan: SeriesPlan): [string, string][] {
  return [
    ['id', String(id)],
    ['name', plan.name],
    ['type', plan.type],
    ['template', plan.templateId === null ? '' : String(plan.templateId)],
    ...plan.weekdays.map((each): [string, string] => ['weekday', String(each)]),
    ['monthDays', plan.monthDays.join(',')],
    ['time', clockOf(plan.minute)],
    ...plan.channels.map((each): [string, string] => ['channel', each]),
  ];
}
