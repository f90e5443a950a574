import { readFileSync } from 'node:fs';
import type { PostKind } from '../../store/drafts.ts';

/** One text with what a person takes it for; null where nothing speaks for one. */
export type Labelled = {
  line: string | null;
  voice: string | null;
  relevance: string;
  kind: PostKind;
  /** Title and text parted by a line break; the title is empty where there is none. */
  text: string;
};

/** The fictional texts of a fixture: line, voice, relevance, kind and text, parted by tabs; an article's title ends at a wide space. */
export function labelledTexts(name: string): Labelled[] {
  const file = new URL(`../fixtures/${name}.tsv`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => {
      const [line, voice, relevance = '', kind, text = ''] = row.split('\t');
      const titled = kind === 'article' ? text.replace('\u3000', '\n') : text;
      return {
        line: line === '-' ? null : (line ?? null),
        voice: voice === '-' ? null : (voice ?? null),
        relevance,
        kind: kind as PostKind,
        text: titled.includes('\n') ? titled : `\n${titled}`,
      };
    });
}

/** Mean over all classes that occur, "none" among them, of F1 = 2·hits / (2·hits + false + missed). */
export function macroF1(pairs: readonly (readonly [wanted: string | null, got: string | null])[]): number {
  const classes = [...new Set(pairs.flat())];
  const scores = classes.map((each) => {
    const hits = pairs.filter(([wanted, got]) => wanted === each && got === each).length;
    const wrong = pairs.filter(([wanted, got]) => (wanted === each) !== (got === each)).length;
    return (2 * hits) / (2 * hits + wrong);
  });
  return scores.reduce((sum, score) => sum + score, 0) / classes.length;
}
