import { fold } from '../text/fold.ts';
import type { Step } from './types.ts';

/** The watches of the post's office, and of those above it, that the post matches: kinds of work and issues, never people. */
export const match: Step = (post, { knowledge, above, sourceKind }) => {
  const { watches } = knowledge;
  if (watches.size === 0) return post;
  const { draft, analysed, place, line, voice, sentiment } = post;
  const outlet = draft.outlet === null ? '' : fold(draft.outlet);
  const about = { analysed, outlet, kind: draft.kind, sourceKind, place, line, voice, sentiment };
  return { ...post, watches: watches.match(about, above) };
};
