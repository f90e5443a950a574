import { hubActor } from '../../store/actor.ts';
import { isOff, keepTraining, lastTraining, sentimentLabels } from '../../store/models.ts';
import type { Store } from '../../store/pool.ts';
import type { Adapt, Example, SentimentModel } from '../sentiment/types.ts';

/** Fewer say too little about whether learning from them helps. */
export const FEWEST = 40;
/** More take too long for one night, and the oldest of them are of another time. */
const MOST = 10_000;

export type Learnt =
  | { outcome: 'off' | 'same' | 'few'; n: number }
  | { outcome: 'better' | 'worse'; n: number; before: number; after: number; model: number };

export type Teaching = {
  adapt: Adapt;
  /** As it ships: what is learnt is always put on that, and never on what was learnt before. */
  shipped: SentimentModel;
  /** Its SHA-256: what was learnt on another one fits it no longer. */
  base: Uint8Array;
  /** The words of a stored post as the steps read them. */
  read(post: { title: string | null; text: string }): Pick<Example, 'analysed' | 'words'>;
};

/**
 * Learns from what people said about the feeling of posts whose words are still there, and takes it into use unless the
 * shipped model judges those posts better by itself, by cross-validation. Does nothing when nobody has said anything new and
 * the program ships the same model as then.
 * @param store with every office in its scope
 * @param officeId the hub's own office, under which it is entered in the log
 */
export async function learn(
  store: Store,
  officeId: number,
  { adapt, shipped, base, read }: Teaching,
): Promise<Learnt> {
  if (await isOff(store, 'sentiment')) return { outcome: 'off', n: 0 };
  const labels = await sentimentLabels(store, MOST);
  const n = labels.length;
  if (n < FEWEST) return { outcome: 'few', n };
  const newest = Math.max(...labels.map(({ review }) => review));
  const last = await lastTraining(store, 'sentiment');
  const same = last?.n === n && last.newest === newest && last.base?.equals(base);
  if (same) return { outcome: 'same', n };
  const { bytes, before, after } = adapt(
    shipped,
    labels.map(({ label, ...post }) => ({ ...read(post), label })),
  );
  const better = after >= before;
  const training = {
    name: 'sentiment',
    bytes: better ? bytes : null,
    n,
    newest,
    base,
    before,
    after,
  } as const;
  const model = await keepTraining(store, hubActor('learn', officeId), training);
  return { outcome: better ? 'better' : 'worse', n, before, after, model };
}
