/** One item that a platform shows, or has shown. */
export type Shown = {
  /** Whose: appid, uid. */
  account: string;
  /** What somebody wanted to say: what the same publication has in common. */
  said: string;
  /** Unix ms. */
  at: number;
  address: string;
  /** It can be seen now. */
  standing: boolean;
};

/** What was wanted once, and how often it was really published. */
export type Published = {
  account: string;
  said: string;
  times: number;
  /** How many of them can be seen now. */
  standing: number;
  shown: { at: number; address: string; standing: boolean }[];
};

/** The items put together by account and by what they say, the first published first. */
export function published(items: readonly Shown[]): Published[] {
  const all = new Map<string, Published>();
  for (const { account, said, ...one } of items.toSorted((a, b) => a.at - b.at)) {
    const key = JSON.stringify([account, said]);
    const known = all.get(key) ?? { account, said, times: 0, standing: 0, shown: [] };
    all.set(key, known);
    known.times += 1;
    known.standing += one.standing ? 1 : 0;
    known.shown.push(one);
  }
  return [...all.values()];
}
