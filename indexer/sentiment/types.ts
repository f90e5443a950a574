import type { Sentiment } from '../../store/posts.ts';

/** Probabilities of the three; they sum to 1. */
export type Sentiments = Readonly<Record<Sentiment, number>>;

export type SentimentModel = {
  /**
   * What a text feels like.
   * @param analysed title and text after `simplify`: simplified, folded, lower case
   * @param words of `analysed`, as `segment` cuts them; empty where a clause ends
   */
  judge(analysed: string, words: readonly string[]): Sentiments;
};

/** A post about which a person said what it feels like. */
export type Example = { analysed: string; words: readonly string[]; label: Sentiment };

/** What `adapt` made of a model and people's corrections. */
export type Adaptation = {
  model: SentimentModel;
  /** The adaptation alone, to be stored; `withAdaptation` puts it on the shipped model again. */
  bytes: Uint8Array;
  /** Share of the examples that the model judges rightly without and with the adaptation, by cross-validation. */
  before: number;
  after: number;
  /** Number of examples. */
  n: number;
};

/** `adapt(model, examples)` in adapt.ts: the same examples in the same order give the same bytes. */
export type Adapt = (model: SentimentModel, examples: readonly Example[]) => Adaptation;

/** `withAdaptation(model, bytes)` in adapt.ts. @throws Error when the bytes were made for another model */
export type WithAdaptation = (model: SentimentModel, bytes: Uint8Array) => SentimentModel;
