import { setImmediate as others } from 'node:timers/promises';
import type { AnyDraft } from '../../store/drafts.ts';
import type { NewPost } from '../../store/posts.ts';
import { judgeElsewhere } from '../sentiment/second-opinion.ts';
import { classify } from './classify.ts';
import { clean } from './clean.ts';
import { dedupe } from './dedupe.ts';
import { identify } from './identify.ts';
import { match } from './match.ts';
import { place } from './place.ts';
import { redact } from './redact.ts';
import { relevance } from './relevance.ts';
import { segment } from './segment.ts';
import { sentiment } from './sentiment.ts';
import { simplify } from './simplify.ts';
import { time } from './time.ts';
import type { Step, StepContext, Working } from './types.ts';

/** What every draft goes through, in this order. After `redact` no step sees the raw text. */
export const steps: readonly (readonly [name: string, step: Step])[] = [
  ['clean', clean],
  ['redact', redact],
  ['time', time],
  ['identify', identify],
  ['simplify', simplify],
  ['dedupe', dedupe],
  ['segment', segment],
  ['sentiment', sentiment],
  ['place', place],
  ['classify', classify],
  ['match', match],
  ['relevance', relevance],
];

const NO_IDENTITY = Buffer.alloc(16);

/** A draft before the first step. */
export function startOf(draft: AnyDraft): Working {
  return {
    draft,
    title: null,
    text: '',
    withheld: null,
    publishedAt: null,
    dateProblem: null,
    redactions: {},
    identity: NO_IDENTITY,
    analysed: '',
    sketch: null,
    words: [],
    sentiment: 'neutral',
    sentimentProbability: 0.5,
    place: null,
    line: null,
    voice: null,
    relevance: 'relevant',
    watches: [],
  };
}

/** What the steps find out about a draft, also what is not stored: its words, and the form in which they were read. */
export function throughSteps(draft: AnyDraft, context: StepContext): Working {
  let post = startOf(draft);
  for (const [, step] of steps) post = step(post, context);
  return post;
}

/** The post as it would be stored. Null when nothing readable is left of it. */
export function runSteps(draft: AnyDraft, context: StepContext): NewPost | null {
  return stored(throughSteps(draft, context));
}

/** What became of one of many drafts: the post, nothing readable (null), or why a step broke on it. */
export type Outcome = { draft: AnyDraft } & ({ post: NewPost | null } | { why: unknown });

/** So many posts go through one step before the next one begins. */
const AT_ONCE = 256;

/**
 * What `runSteps` makes of each, in order. All go through one step before the next one, since each step looks things up
 * in tables of its own, which then stay near the processor: it takes a third less time. One that breaks a step does not
 * take the others with it. Between the steps whatever else the process does has its turn: a transaction of another visit
 * waits for each answer of the database, and would for all steps of all posts. Where a model elsewhere is named, it is asked
 * after ours, before what depends on the feeling.
 */
export async function runStepsOnMany(drafts: readonly AnyDraft[], context: StepContext): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < drafts.length; from += AT_ONCE) {
    const some = drafts.slice(from, from + AT_ONCE);
    const posts = some.map((draft): Working | Broken => startOf(draft));
    for (const [, step] of steps) {
      for (let at = 0; at < posts.length; at += 1) {
        const post = posts[at] as Working | Broken;
        if (!(post instanceof Broken)) posts[at] = attempt(step, post, context);
      }
      if (step === sentiment) await judgeElsewhere(posts.filter(isReadable));
      await others();
    }
    some.forEach((draft, at) => {
      const post = posts[at] as Working | Broken;
      outcomes.push(post instanceof Broken ? { draft, why: post.why } : { draft, post: stored(post) });
    });
  }
  return outcomes;
}

/** In the place of a post that a step broke on. */
class Broken {
  readonly why: unknown;
  constructor(why: unknown) {
    this.why = why;
  }
}

function isReadable(post: Working | Broken): post is Working {
  return !(post instanceof Broken) && post.text !== '';
}

function attempt(step: Step, post: Working, context: StepContext): Working | Broken {
  try {
    return step(post, context);
  } catch (why) {
    return new Broken(why);
  }
}

function stored(post: Working): NewPost | null {
  if (post.text === '') return null;
  const { draft } = post;
  const { counts } = draft;
  // One by one: whatever else a draft may hold, or a step has noted for others, does not become part of the post.
  return {
    identity: post.identity,
    kind: draft.kind,
    url: storable(draft.url),
    parentUrl: storable(draft.parentUrl),
    title: post.title,
    text: post.text,
    outlet: outletOf(draft),
    publishedAt: post.publishedAt,
    dateProblem: post.dateProblem,
    sentiment: post.sentiment,
    sentimentProbability: post.sentimentProbability,
    redactions: post.redactions,
    withheld: post.withheld,
    place: post.place,
    line: post.line,
    voice: post.voice,
    relevance: post.relevance,
    watches: post.watches,
    sketch: post.sketch,
    likes: counts.likes,
    comments: counts.comments,
    shares: counts.shares,
    times: counts.times ?? null,
  };
}

function storable(address: string | null): string | null {
  return address === null ? null : address.toWellFormed().replaceAll('\0', '');
}

/** Outlets are institutions with short names; whatever is longer was misread. */
const LONGEST_OUTLET = 40;

function outletOf(draft: AnyDraft): string | null {
  const outlet = storable(draft.outlet)?.trim() ?? '';
  return outlet === '' || outlet.length > LONGEST_OUTLET ? null : outlet;
}
