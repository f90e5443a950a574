import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, NAB } from './data.ts';
import type { Window } from './nab-score.ts';

/** One series of the benchmark: its times are as written there, read as UTC. */
export interface Series {
  name: string;
  at: Float64Array;
  value: Float64Array;
  windows: Window[];
}

function time(text: string): number {
  return Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
}

/** Detector → profile → file → the sum that it earned there before normalising. */
export type Published = Map<string, Map<string, Map<string, number>>>;

export function readPublished(): Published {
  const all: Published = new Map();
  const lines = bytesOf(join(NAB, 'published-scores.csv')).toString().trim().split('\n').slice(1);
  for (const line of lines) {
    const [detector = '', profile = '', file = '', , score] = line.split(',');
    const profiles = all.get(detector) ?? new Map<string, Map<string, number>>();
    const files = profiles.get(profile) ?? new Map<string, number>();
    all.set(detector, profiles.set(profile, files.set(file, Number(score))));
  }
  return all;
}

/** Reads the series and windows of the benchmark. */
export function readSeries(): Series[] {
  const windows = JSON.parse(bytesOf(join(NAB, 'windows.json')).toString()) as Record<
    string,
    [string, string][]
  >;
  const all: Series[] = [];
  for (const group of readdirSync(join(NAB, 'series')).sort()) {
    for (const file of readdirSync(join(NAB, 'series', group)).sort()) {
      const lines = bytesOf(join(NAB, 'series', group, file))
        .toString()
        .trim()
        .split('\n')
        .slice(1);
      const rows = lines.map((line) => line.split(','));
      const at = Float64Array.from(rows, (row) => time(row[0] ?? ''));
      const value = Float64Array.from(rows, (row) => Number(row[1]));
      const name = `${group}/${file}`;
      const spans = (windows[name] ?? []).map(([from, to]) => ({
        first: at.findIndex((moment) => moment >= time(from)),
        last: at.findLastIndex((moment) => moment <= time(to)),
      }));
      all.push({ name, at, value, windows: spans });
    }
  }
  return all;
}
