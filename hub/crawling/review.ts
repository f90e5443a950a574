import { quietOrNot } from '../../crawler/health.ts';
import { healthWords } from '../../crawler/messages.ts';
import { transaction, type Store } from '../../store/pool.ts';
import { enterState, restart, sentSources, turnedOnOrOff } from '../../store/source-states.ts';
import { closeGap, openStopGap } from '../../store/visits.ts';
import { learnQuiet } from './quiet.ts';

/**
 * What no visit would notice: sources that a person has stopped, switched off or set going again, and those that are sent to
 * us and are not visited at all.
 */
export async function reviewSources(store: Store, now: Date): Promise<void> {
  for (const source of await turnedOnOrOff(store)) {
    await transaction(store, async (client) => {
      if (source.off === null) {
        await restart(client, source.id);
        await enterState(client, source.id, 'unknown', null, null);
        // One that is visited ends its gap with its first visit that gets something.
        if (source.sent) await closeGap(client, source.id);
        return;
      }
      await enterState(client, source.id, 'off', source.off, healthWords[source.off]);
      if (source.off === 'stopped') await openStopGap(client, source, source.stoppedAt);
    });
  }
  for (const source of await sentSources(store)) {
    await learnQuiet(store, source.id);
    if (source.lastFreshAt === null) continue;
    const { health, reason, detail } = quietOrNot(source, { fresh: 0, at: now });
    if (health !== source.health) {
      await transaction(store, (client) => enterState(client, source.id, health, reason, detail));
    }
  }
}
