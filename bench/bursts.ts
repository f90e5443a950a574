import { BurstDetector } from '../indexer/warnings/burst-detector.ts';
import { ShareDetector } from '../indexer/warnings/share-detector.ts';
import { hours } from './support/bursts/hours.ts';
import { calm, gaps, growth, shares } from './support/bursts/made-up.ts';
import { readPublished, readSeries, type Series } from './support/bursts/nab-data.ts';
import { normalise, profiles, scoreSeries, type Profile } from './support/bursts/nab-score.ts';

/** Points left out at the start of each series: which row a calm ends on is luck, and the mean over several starts is less so. */
const STARTS = [0, 17, 53, 77, 120];
/** Any cut between a half and three quarters gives the bursts that the detector tells. */
const CUT = 0.5;

const GROUPS = ['', 'Tweets', 'artificial', 'AdExchange', 'KnownCause', 'Traffic'];
const PROFILE_NAMES = {
  standard: 'standard',
  lowFalsePositives: 'reward_low_FP_rate',
  lowFalseNegatives: 'reward_low_FN_rate',
} as const;

/**
 * How well bursts are found in the 35 series of the Numenta Anomaly Benchmark, online and with one setting, in its own score,
 * beside the detectors that were published for the very same files; then how calm the detector stays where nothing happens,
 * how soon it tells slow growth, gaps, unfinished hours, shares, and what it costs. Needs ../shared/data.
 */
export async function bench(): Promise<Record<string, number>> {
  const series = readSeries();
  const measured = Object.fromEntries(
    Object.entries(profiles).map(([name, profile]) => [
      name,
      GROUPS.map((group) => score(series, group, profile, 0)),
    ]),
  );
  printPublished(series);
  console.log('\nby group: all, tweets, artificial, ad exchange, known cause, traffic');
  for (const [name, values] of Object.entries(measured)) console.log(`${name.padEnd(20)}${row(values)}`);
  for (const start of STARTS) {
    const values = GROUPS.map((group) => score(series, group, profiles.standard, start));
    console.log(`${`without first ${start}`.padEnd(20)}${row(values)}`);
  }
  const mean = (group: string) =>
    STARTS.reduce((sum, start) => sum + score(series, group, profiles.standard, start), 0) / STARTS.length;
  const means = { all: mean(''), tweets: mean('Tweets') };
  console.log(`mean over these starts: all ${means.all.toFixed(1)}, tweets ${means.tweets.toFixed(1)}`);
  for (const say of [calm, growth, shares]) say();
  gaps(series.filter(({ name }) => name.includes('Tweets')));
  hours(series.filter(({ name }) => name.includes('Tweets')));
  cost(series);
  const [allStandard = 0, tweetsStandard = 0] = measured['standard'] ?? [];
  return Promise.resolve({ tweetsStandard, allStandard });
}

function score(series: readonly Series[], group: string, profile: Profile, start: number): number {
  const scores = series
    .filter(({ name }) => name.includes(group))
    .map(({ at, value, windows }) => {
      const detector = new BurstDetector();
      const rows: number[] = [];
      for (let index = start; index < at.length; index += 1) {
        const { score: given } = detector.next(at[index] ?? 0, value[index] ?? Number.NaN);
        if (given >= CUT) rows.push(index - start);
      }
      const moved = windows.map(({ first, last }) => ({ first: first - start, last: last - start }));
      return scoreSeries(at.length - start, moved, rows, profile);
    });
  return normalise(scores, profile);
}

function row(values: readonly number[]): string {
  return values.map((value) => value.toFixed(1).padStart(7)).join('');
}

/** Their sums per file, added up and normalised as ours are. */
function printPublished(series: readonly Series[]): void {
  const [all, tweets] = ['', 'Tweets'].map((group) => series.filter(({ name }) => name.includes(group)));
  const columns = Object.entries(PROFILE_NAMES).flatMap(([key, name]) =>
    [all ?? [], tweets ?? []].map((files) => ({
      profile: profiles[key as keyof typeof profiles],
      name,
      files,
    })),
  );
  const rows = [...readPublished()].flatMap(([detector, byProfile]) => {
    const values = columns.map(({ profile, name, files }) =>
      normalise(
        files.map((file) => ({
          raw: byProfile.get(name)?.get(file.name) ?? Number.NaN,
          windows: file.windows.length,
        })),
        profile,
      ),
    );
    // A detector without all of the files cannot be compared.
    return values.every((value) => Number.isFinite(value)) ? [{ detector, values }] : [];
  });
  const ours = columns.map(({ profile, files }) => score(files, '', profile, 0));
  rows.push({ detector: 'this detector', values: ours });
  rows.sort((a, b) => (b.values[1] ?? 0) - (a.values[1] ?? 0));
  console.log(`${''.padEnd(20)}   standard     low false +    low false -`);
  console.log(`${''.padEnd(20)}${'    all tweets'.repeat(3)}`);
  for (const { detector, values } of rows) console.log(`${detector.padEnd(20)}${row(values)}`);
}

function cost(series: readonly Series[]): void {
  const before = process.cpuUsage();
  let points = 0;
  for (const { at, value } of series) {
    const detector = new BurstDetector();
    for (let index = 0; index < at.length; index += 1) detector.next(at[index] ?? 0, value[index] ?? 0);
    points += at.length;
  }
  const seconds = process.cpuUsage(before).user / 1e6;
  const [bursts, shared] = [new BurstDetector(), new ShareDetector()];
  for (let index = 0; index < 59; index += 1) {
    bursts.next(index * 3_600_000, index % 7);
    shared.next(index * 3_600_000, index % 3, 7);
  }
  console.log(
    `\n${Math.round(points / seconds).toLocaleString('en')} points/s of processor time; at most ` +
      `${bursts.save().length} bytes kept per series, ${shared.save().length} of a share`,
  );
}
