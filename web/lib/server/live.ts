import { listenLive, type LiveEvent } from '../../../store/live.ts';
import type { Scope } from '../../../store/scope.ts';
import { hub } from './hub.ts';

type Listener = (event: LiveEvent | null) => void;

/** One connection to the database listens for the whole process, however many pages are open. */
const listeners = new Map<Listener, Scope>();
let stop: (() => Promise<void>) | null = null;

/**
 * Hears what happens within a scope until the returned function is called. A null says that the connection was lost and
 * is back: something may have been missed.
 */
export function subscribeLive(scope: Scope, listener: Listener): () => void {
  listeners.set(listener, scope);
  stop ??= listenLive(hub().runtime.databaseUrl, (event) => {
    for (const [tell, { every, offices }] of listeners) {
      if (!event || event.kind === 'access' || every || offices.includes(event.officeId)) tell(event);
    }
  });
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !stop) return;
    const ending = stop;
    stop = null;
    void ending();
  };
}
