import { LinearModel } from '../../../indexer/sentiment/model.ts';
import { randomFrom, RECIPE, train, type Lesson } from '../../../indexer/sentiment/train.ts';
import type { Corpora } from './corpora.ts';
import { bareOf, keyOf, read } from './lessons.ts';

/** Orders that are averaged for the model that teaches: fewer than for the one that ships. */
const TEACHER = { ...RECIPE, runs: 2 };

/** How much a text counts that a model has labelled. */
const WEIGHT = 1;

/** Share of these texts that is learnt from without [emoticons]. */
const BARE = 0.3;

/**
 * Lessons, and texts without a label among three with the probabilities that a model trained on the lessons gives them
 * (self-training with soft labels): the words of the same months stand in them beside words that are known.
 * @param without keys of texts that are left out
 */
export function withUnlabelled(
  lessons: readonly Lesson[],
  { unlabelled }: Pick<Corpora, 'unlabelled'>,
  without: ReadonlySet<string>,
): Lesson[] {
  const teacher = new LinearModel(train(lessons, TEACHER));
  const random = randomFrom(20260102);
  const taught = unlabelled.flatMap((text): Lesson[] => {
    const isBare = random() < BARE;
    if (without.has(keyOf(text))) return [];
    const { analysed, words } = read(text);
    const { negative, neutral, positive } = teacher.judge(analysed, words);
    const seen = isBare ? read(bareOf(text)) : { analysed, words };
    return [{ ...seen, target: [negative, neutral, positive], weight: WEIGHT }];
  });
  return [...lessons, ...taught];
}
