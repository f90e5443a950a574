import { setImmediate } from 'node:timers/promises';
import type { ReasonCode } from '../../crawler/errors.ts';
import { reasons } from '../../crawler/messages.ts';
import { readItem } from '../../crawler/sources/push.ts';
import { ingest, NO_TEXT } from '../../indexer/ingest.ts';
import type { Knowledge } from '../../indexer/knowledge.ts';
import type { AnyDraft } from '../../store/drafts.ts';
import { countCall, type IntakeCounts, type IntakeSource } from '../../store/intake.ts';
import type { Store } from '../../store/pool.ts';

/** What a call is answered with. */
export type PushAnswer = {
  /** Items that the hub now has: new ones (of them, in the words of another one: copies), and those that it had. */
  accepted: number;
  fresh: number;
  copies: number;
  known: number;
  refused: { index: number; reason: ReasonCode; message: string }[];
  /** Keys that were not read; what they held is dropped. */
  ignored: string[];
};

/** One transaction each; small, so that whoever else works in this process need not wait long. */
const BATCH = 50;
const IGNORED_NAMED = 50;

/**
 * Takes what a system has sent. An id that the source has already brings nothing new, so that a call may be made again.
 * @param ignored keys around the items
 * @param knowledge as `ingest`
 */
export async function takePushed(
  store: Store,
  source: IntakeSource,
  items: readonly unknown[],
  ignored: readonly string[],
  knowledge?: Knowledge,
): Promise<PushAnswer> {
  const now = Date.now();
  const names = new Set(ignored);
  const answer: PushAnswer = { accepted: 0, fresh: 0, copies: 0, known: 0, refused: [], ignored: [] };
  const failures: Record<string, number> = {};
  const refuse = (index: number, reason: ReasonCode, message: string) => {
    failures[reason] = (failures[reason] ?? 0) + 1;
    answer.refused.push({ index, reason, message });
  };
  for (let at = 0; at < items.length; at += BATCH) {
    const batch = new Map<AnyDraft, number>();
    for (const [n, given] of items.slice(at, at + BATCH).entries()) {
      const read = readItem(given, { outlet: source.outlet, now });
      if (read.draft === null) refuse(at + n, 'item-invalid', read.problem);
      else {
        batch.set(read.draft, at + n);
        for (const name of read.ignored) if (names.size < IGNORED_NAMED) names.add(name.slice(0, 100));
      }
    }
    const result = await ingest(store, source, [...batch.keys()], now, knowledge);
    for (const { draft, why } of result.refused) {
      const reason = why === NO_TEXT ? 'no-text' : 'item-broken';
      refuse(batch.get(draft) ?? at, reason, reasons[reason]);
    }
    answer.accepted += batch.size - result.refused.length;
    answer.fresh += result.fresh;
    answer.copies += result.copies;
    await setImmediate();
  }
  answer.known = answer.accepted - answer.fresh;
  answer.refused.sort((a, b) => a.index - b.index);
  answer.ignored = [...names];
  const counts: IntakeCounts = {
    ...{ expected: items.length, got: answer.accepted, failed: answer.refused.length, failures },
    ...{ fresh: answer.fresh, copies: answer.copies, known: answer.known },
  };
  const [first] = answer.refused;
  await countCall(
    store,
    source,
    counts,
    first ? { code: first.reason, detail: reasons[first.reason] } : null,
  );
  return answer;
}
