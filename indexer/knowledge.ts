/** What the steps know beside the post: lists and models, compiled. Immutable; a change makes a new one. */
export type Knowledge = Readonly<{
  /** Changes whenever anything in it does. */
  version: string;
}>;

const shipped: Knowledge = Object.freeze({ version: 'shipped' });

/** What ships with the program; asks no database. */
export function defaultKnowledge(): Knowledge {
  return shipped;
}
