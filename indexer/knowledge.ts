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

  constructor(version: string, edits: Edits = AS_SHIPPED) {
    this.version = version;
    this.edits = edits;
  }
}

let shipped: Knowledge | null = null;

/** What ships with the program; asks no database. */
export function defaultKnowledge(): Knowledge {
  return (shipped ??= new Knowledge('shipped'));
}
