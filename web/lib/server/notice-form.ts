import { levels, type Level } from '../../../config/levels.ts';
import { clockMinutes } from '../clock-time.ts';
import { field } from './form.ts';

/** The levels that were ticked, from the least to the gravest. */
export function levelsField(sent: FormData, name: string): Level[] {
  const ticked = sent.getAll(name);
  return levels.filter((level) => ticked.includes(level));
}

/** A time of the day as minutes; null when none was given. */
export function minutesField(sent: FormData, name: string): number | null {
  return clockMinutes(field(sent, name));
}

/** People in their order, each once; what is empty is left out. */
export function peopleField(sent: FormData, name: string): string[] {
  const given = sent.getAll(name).filter((id): id is string => typeof id === 'string' && id !== '');
  return [...new Set(given)];
}
