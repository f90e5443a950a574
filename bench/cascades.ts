import { learnRules } from '../indexer/warnings/spread-rules.ts';
import { SpreadWatch } from '../indexer/warnings/spread-watch.ts';
import { finished, readCascades, type Cascade } from './support/bursts/cascades-data.ts';

/** The share of cascades that is large, and the share of its reposts before which a large one is to be warned of. */
const LARGE = 0.05;
const EARLY = 0.2;
/** Learning from nothing, in one stream: measured on those that begin after so many. */
const LEARNT = 800;

/** Which cascades a warning is false for; of the first the figure is made. */
const SMALL = [
  'below a fifth of the least large one',
  'the smallest quarter',
  'the smaller half',
  'all that are not large',
];

/**
 * How early the largest cascades of reposts are warned of, and how many small ones are too: all reposts of all cascades as one
 * stream in order of time, rules learnt only from cascades that have ended by then. Needs ../shared/data. `warnedEarlyShare` and
 * `falsePer200Small` are of this stream; beside them halves judged by rules of the other half, and by the rules that ship.
 */
export async function bench(): Promise<Record<string, number>> {
  const all = readCascades();
  const sizes = all.map(({ after }) => after.length).sort((a, b) => b - a);
  const least = sizes[Math.round(all.length * LARGE) - 1] ?? 0;
  console.log(
    `${all.length} cascades of ${sizes.at(-1)} to ${sizes[0]} reposts; the ${LARGE * 100} % largest have ${least} or more`,
  );
  const judge = (label: string, measured: readonly Cascade[], watch: SpreadWatch, stream = measured) =>
    report(label, measured, replay(watch, stream), least, sizes);

  const half = (label: string, isIn: (index: number) => boolean) =>
    judge(
      label,
      all.filter((_, index) => isIn(index)),
      new SpreadWatch(learnRules(all.filter((_, index) => !isIn(index)).map(finished)), null),
    );
  const middle = all.length / 2;
  half('later half by rules of the earlier', (index) => index >= middle);
  half('earlier half by rules of the later', (index) => index < middle);
  half('odd by rules of even', (index) => index % 2 === 1);
  half('even by rules of odd', (index) => index % 2 === 0);
  judge('all by the rules that ship (learnt from all)', all, new SpreadWatch(undefined, null));
  const before = process.cpuUsage();
  const figures = judge(
    `one stream, learning from nothing, after the first ${LEARNT}`,
    all.slice(LEARNT),
    new SpreadWatch([]),
    all,
  );
  const seconds = process.cpuUsage(before).user / 1e6;
  const reposts = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`\n${Math.round(reposts / seconds).toLocaleString('en')} reposts/s of processor time`);
  const rules = learnRules(all.map(finished));
  console.log(
    `rules of all: ${rules.map(({ count, within }) => `${count} in ${Math.round(within)} s`).join(', ')}`,
  );
  console.log(
    '\nOnly the first meaning of small can be held to 1 in 200 here: of the other cascades many are as fast as large ones when' +
      ' a fifth of those is over, and none of what was tried tells them apart (docs/decisions.md).',
  );
  return Promise.resolve(figures);
}

/** Cascade → how many reposts it had when the warning came. */
function replay(watch: SpreadWatch, stream: readonly Cascade[]): Map<string, number> {
  const events = stream
    .flatMap(({ id, at, after }) =>
      after.map((seconds, index) => ({ id, began: at, at: at + seconds * 1000, count: index + 1 })),
    )
    .sort((a, b) => a.at - b.at || a.count - b.count);
  const warned = new Map<string, number>();
  for (const { id, began, at, count } of events) if (watch.repost(id, began, at)) warned.set(id, count);
  return warned;
}

function report(
  label: string,
  measured: readonly Cascade[],
  warned: ReadonlyMap<string, number>,
  least: number,
  sizes: readonly number[],
): { warnedEarlyShare: number; falsePer200Small: number } {
  const large = measured.filter(({ after }) => after.length >= least);
  const early = large.filter(({ id, after }) => (warned.get(id) ?? Infinity) < EARLY * after.length);
  const lead = (share: number) =>
    median(
      early.map(
        ({ id, after }) =>
          ((after[Math.ceil(share * after.length) - 1] ?? 0) - (after[(warned.get(id) ?? 1) - 1] ?? 0)) / 60,
      ),
    );
  const ends = [
    Math.ceil(EARLY * least) - 1,
    sizes[Math.round(sizes.length * 0.75)] ?? 0,
    sizes[sizes.length >> 1] ?? 0,
    least - 1,
  ];
  console.log(`\n${label}`);
  console.log(
    `  ${early.length} of ${large.length} large ones warned of before ${EARLY * 100} % of their reposts (${share(early.length, large.length)}); ` +
      `at ${(100 * median(early.map(({ id, after }) => (warned.get(id) ?? 0) / after.length))).toFixed(0)} %, ` +
      `${lead(EARLY).toFixed(0)} min before the ${EARLY * 100} %, ${lead(0.5).toFixed(0)} min before half of all (medians)`,
  );
  const wrong = ends.map((end) => {
    const small = measured.filter(({ after }) => after.length <= end);
    return { all: small.length, warned: small.filter(({ id }) => warned.has(id)).length };
  });
  wrong.forEach(({ all, warned: falsely }, index) => {
    console.log(
      `  false warnings in 200, of ${SMALL[index]} (at most ${ends[index]}): ${((200 * falsely) / all).toFixed(2)} (${falsely} of ${all})`,
    );
  });
  return {
    warnedEarlyShare: early.length / large.length,
    falsePer200Small: (200 * (wrong[0]?.warned ?? 0)) / (wrong[0]?.all ?? 1),
  };
}

function share(part: number, whole: number): string {
  return (part / whole).toFixed(3);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
