import { isDeepStrictEqual } from 'node:util';
import { makeClassifier, type Classifier } from './classify/classifier.ts';
import { shippedPlaces, type Places } from './places/places.ts';
import { isAdaptationOf, withAdaptation } from './sentiment/adapt.ts';
import { shippedModel } from './sentiment/shipped.ts';
import type { SentimentModel } from './sentiment/types.ts';
import { makeSegmenter, shippedSegmenter, type Segmenter } from './text/segmenter.ts';
import { compileWatches } from './watches/compile.ts';
import type { WatchSet } from './watches/watch-set.ts';
import { classesList } from './words/classes.ts';
import { dictionaryList } from './words/dictionary.ts';

/** A watch as the database has it: its words are compiled with all others. */
export type KnownWatch = Readonly<{ id: number; officeId: number; query: string }>;

/** What people at the desk and learning have added; null: as it ships with the program. */
export type Edits = Readonly<{
  /** Bodies of word lists (words/). */
  dictionary: string | null;
  classes: string | null;
  /** What was learnt from reviews, to be put on the shipped model. */
  sentiment: Uint8Array | null;
  /** Of all offices, without those that are switched off. */
  watches: readonly KnownWatch[];
}>;

const AS_SHIPPED: Edits = Object.freeze({ dictionary: null, classes: null, sentiment: null, watches: [] });

/**
 * What the steps know beside the post: lists and models, compiled. Never changes; a change at the desk makes a new one
 * (knowledge-keeper.ts). Each part is compiled when it is first asked for, so that whoever runs one step holds one part.
 */
export class Knowledge {
  /** Changes whenever anything in it does. */
  readonly version: string;
  readonly edits: Edits;
  #watches: WatchSet | null = null;

  /** @param before what was known until now: parts that were not edited are not compiled again */
  constructor(version: string, edits: Edits = AS_SHIPPED, before: Knowledge | null = null) {
    this.version = version;
    this.edits = edits;
    if (!before) return;
    if (before.edits.classes === edits.classes) this.#classifier = before.#classifier;
    if (sameBytes(before.edits.sentiment, edits.sentiment)) this.#sentiment = before.#sentiment;
    if (before.edits.dictionary === edits.dictionary) this.#segmenter = before.#segmenter;
    if (isDeepStrictEqual(before.edits.watches, edits.watches)) this.#watches = before.#watches;
  }

  /** Finds the division that a text is about. */
  get places(): Places {
    return shippedPlaces();
  }

  #classifier: Classifier | undefined;
  /** Tells business line, kind of voice and relevance. */
  get classifier(): Classifier {
    return (this.#classifier ??= makeClassifier(
      classesList.read(this.edits.classes ?? classesList.shipped()).entries,
    ));
  }

  #sentiment: SentimentModel | undefined;
  /** Tells what a post feels like. */
  get sentiment(): SentimentModel {
    return (this.#sentiment ??= learnt(this.edits.sentiment));
  }

  #segmenter: Segmenter | undefined;
  /** Cuts texts into words; holds its dictionary from the first cut on. */
  get segmenter(): Segmenter {
    const { dictionary } = this.edits;
    if (dictionary === null) return shippedSegmenter();
    return (this.#segmenter ??= makeSegmenter(dictionaryList.read(dictionary).entries));
  }

  /** All watches of all offices, to be asked at once. */
  get watches(): WatchSet {
    return (this.#watches ??= compileWatches(this.edits.watches));
  }
}

/** What was learnt on a model that an older version shipped fits no other: the new one judges alone until it has learnt. */
function learnt(bytes: Uint8Array | null): SentimentModel {
  const model = shippedModel();
  if (bytes === null || !isAdaptationOf(model, bytes)) return model;
  return withAdaptation(model, bytes);
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}

let shipped: Knowledge | null = null;

/** What ships with the program; asks no database. */
export function defaultKnowledge(): Knowledge {
  return (shipped ??= new Knowledge('shipped'));
}
