import { listenLive, type LiveEvent } from '../../../store/live.ts';
import { hub } from './hub.ts';

type Listener = (event: LiveEvent | null) => void;

/** One connection to the database listens for the whole process, however many pages are open. */
const listeners = new Map<Listener, number>();
let stop: (() => Promise<void>) | null = null;

/**
 * Hears what happens in the office until the returned function is called. A null says that the connection was lost and
 * is back: something may have been missed.
 */
export function subscribeLive(officeId: number, listener: Listener): () => void {
  listeners.set(listener, officeId);
  stop ??= listenLive(hub().runtime.databaseUrl, (event) => {
    for (const [tell, office] of listeners) if (event === null || event.officeId === office) tell(event);
  });
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !stop) return;
    const ending = stop;
    stop = null;
    void ending();
  };
}
