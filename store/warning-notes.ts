import type { Actor } from './actor.ts';
import { messages } from './messages.ts';
import type { Store } from './pool.ts';
import { act, LONGEST_PARTIES, LONGEST_TEXT, reasoned } from './warning-act.ts';
import { openStates } from './warnings.ts';

const words = messages.warnings;

/** A note in its life. @throws Refused `warning-gone`, `warning-reason` */
export async function noteWarning(
  store: Store,
  actor: Actor,
  id: number,
  note: string,
  now: Date,
): Promise<void> {
  await act(store, actor, id, null, [...openStates, 'lifted', 'dismissed'], now, () =>
    Promise.resolve({ step: { kind: 'note', text: reasoned(note, LONGEST_TEXT, words.text) } }),
  );
}

/**
 * What was consulted about.
 * @param parties offices or posts that took part, never names of persons
 * @throws Refused `warning-gone`, `warning-state`, `warning-reason`
 */
export async function consultWarning(
  store: Store,
  actor: Actor,
  id: number,
  { parties, text }: { parties: string; text: string },
  now: Date,
): Promise<void> {
  await act(store, actor, id, null, openStates, now, () => {
    const details = { parties: reasoned(parties, LONGEST_PARTIES, words.parties) };
    return Promise.resolve({
      step: { kind: 'consultation', text: reasoned(text, LONGEST_TEXT, words.text), details },
    });
  });
}
