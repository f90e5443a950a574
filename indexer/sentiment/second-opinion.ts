import { channel } from 'node:diagnostics_channel';
import { readEnv } from '../../config/env.ts';
import { decodeRuntime } from '../../config/runtime.ts';
import type { Sentiment } from '../../store/posts.ts';
import { chosen } from './chosen.ts';
import { ExternalSentiment, type Failure } from './external.ts';
import { HEALTH_CHANNEL, type SentimentHealth } from './health.ts';

/** The parts of a post that are sent and that change. */
type Judged = {
  title: string | null;
  text: string;
  withheld: unknown;
  sentiment: Sentiment;
  sentimentProbability: number;
};

/** Undefined: not looked for yet. */
let configured: ExternalSentiment | null | undefined;

/** The model elsewhere that hub.yaml names; null: none, or this process was not started by the hub. */
export function externalSentiment(): ExternalSentiment | null {
  if (configured !== undefined) return configured;
  const env = readEnv();
  const external = decodeRuntime(env)?.hub.sentiment.external;
  configured = external
    ? new ExternalSentiment(
        { ...external, secret: env.JIANSHENG_SENTIMENT_SECRET ?? null },
        Date.now,
        (why: Failure | null) => channel(HEALTH_CHANNEL).publish({ why } satisfies SentimentHealth),
      )
    : null;
  return configured;
}

/**
 * Puts what a model elsewhere says in the place of what the shipped one said, post by post, where it says anything. Only
 * redacted text is sent, and nothing of posts that may only be counted.
 */
export async function judgeElsewhere(
  posts: readonly Judged[],
  external: ExternalSentiment | null = externalSentiment(),
): Promise<void> {
  if (external === null) return;
  const sent = posts.filter(({ withheld }) => withheld === null);
  if (sent.length === 0) return;
  const found = await external.judge(
    sent.map(({ title, text }) => (title === null ? text : `${title}\n${text}`)),
  );
  sent.forEach((post, at) => {
    const said = found[at];
    if (!said) return;
    post.sentiment = chosen(said);
    post.sentimentProbability = said[post.sentiment];
  });
}
