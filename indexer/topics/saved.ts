import { deserialize, serialize } from 'node:v8';
import type { Features } from './features.ts';
import type { SavedGroup } from './group.ts';
import type { SavedVocabulary } from './vocabulary.ts';

/** Changes with the form of what is saved: what was saved in another form is not read. */
export const FORM = 2;

/** A text with all its copies, as it is saved. */
export type SavedItem = {
  features: Features;
  /** Unix ms of the earliest of its copies. */
  at: number;
  posts: readonly number[];
  concern: number;
  held: boolean;
};

export type Snapshot = {
  next: number;
  settledAt: number;
  vocabulary: SavedVocabulary;
  /** What old texts have left, by concern. */
  frozen: readonly { concern: number; group: SavedGroup }[];
  /** Concerns that a person has formed, and those that are joined into another one. */
  formed: readonly number[];
  joined: readonly (readonly [concern: number, into: number])[];
  items: readonly SavedItem[];
};

/** What was done since the last snapshot, in order. */
export type Entry =
  | { kind: 'text'; post: number; at: number; concern: number; features: Features }
  | { kind: 'copy'; post: number; at: number; of: number }
  | { kind: 'hold'; posts: readonly number[]; concern: number }
  | { kind: 'join'; concern: number; into: number }
  | { kind: 'release'; concern: number }
  | { kind: 'forget'; posts: readonly number[] };

/** What a `Concerns` is made of again: the last snapshot, and in order what was written after it. */
export type Saved = Readonly<{ snapshot: Uint8Array | null; journal: readonly Uint8Array[] }>;

/** Texts are written in columns: sixteen thousand of them take some 10 ms then, and 100 ms as objects. */
export function packSnapshot({ items, ...rest }: Snapshot): Uint8Array {
  const columns = {
    at: Float64Array.from(items, ({ at }) => at),
    concern: Int32Array.from(items, ({ concern }) => concern),
    held: Uint8Array.from(items, ({ held }) => (held ? 1 : 0)),
    posts: packed(
      items.map(({ posts }) => posts),
      Float64Array,
    ),
    features: packed(
      items.map(({ features }) => features),
      Int32Array,
    ),
  };
  return serialize({ ...rest, columns });
}

export function unpackSnapshot(bytes: Uint8Array): Snapshot {
  type Columns = {
    at: Float64Array;
    concern: Int32Array;
    held: Uint8Array;
    posts: Packed<Float64Array>;
    features: Packed<Int32Array>;
  };
  const { columns, ...rest } = deserialize(bytes) as Omit<Snapshot, 'items'> & { columns: Columns };
  const items = Array.from(columns.at, (at, n): SavedItem => ({
    at,
    concern: columns.concern[n]!,
    held: columns.held[n] === 1,
    posts: [...part(columns.posts, n)],
    features: part(columns.features, n).slice(),
  }));
  return { ...rest, items };
}

export const packJournal = (entries: readonly Entry[]): Uint8Array => serialize(entries);
export const unpackJournal = (bytes: Uint8Array): Entry[] => deserialize(bytes) as Entry[];

/** Lists one behind the other; the n-th ends at `ends[n]`. */
type Packed<T> = { ends: Int32Array; values: T };

function packed<T extends Float64Array | Int32Array>(
  lists: readonly ArrayLike<number>[],
  kind: new (length: number) => T,
): Packed<T> {
  let length = 0;
  const ends = Int32Array.from(lists, (list) => (length += list.length));
  const values = new kind(length);
  lists.forEach((list, n) => {
    values.set(list, ends[n]! - list.length);
  });
  return { ends, values };
}

function part<T extends Float64Array | Int32Array>({ ends, values }: Packed<T>, n: number): T {
  return values.subarray(n === 0 ? 0 : ends[n - 1]!, ends[n]) as T;
}
