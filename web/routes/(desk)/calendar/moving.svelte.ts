import { deserialize } from '$app/forms';
import { invalidate } from '$app/navigation';
import { later } from '../../../lib/calendar.ts';
import { fullTime } from '../../../lib/format.ts';
import { calendarMessages as words } from '../../../lib/messages/calendar.ts';
import { messages } from '../../../lib/messages.ts';
import type { PageData } from './$types';

export type Entry = PageData['entries'][number];
export type Moved = { id: number; title: string; dueAt: Date; was: Date };

/** Moving entries of a calendar: by the pointer, by keys, by a field; shown at once, and taken back where the hub refuses. */
export class Moving {
  /** What was picked up by a key, and where it would be put. */
  picked = $state<{ entry: Entry; to: Date } | null>(null);
  /** Where entries are shown until the hub has answered. */
  shown = $state<Record<number, Date>>({});
  said = $state('');
  trouble = $state('');
  last = $state<Moved | null>(null);
  busy = $state(0);
  /** Of the entry that is dragged. */
  dragged = $state<Entry | null>(null);

  at(entry: Entry): Date {
    if (this.picked?.entry.id === entry.id) return this.picked.to;
    return this.shown[entry.id] ?? entry.dueAt;
  }

  static movable(entry: Entry): boolean {
    return entry.state === 'waiting' && !entry.held;
  }

  pick(entry: Entry): void {
    if (!Moving.movable(entry)) {
      this.said = words.notMovable;
      return;
    }
    this.picked = { entry, to: entry.dueAt };
    this.said = words.picked(entry.title, fullTime(entry.dueAt));
  }

  /** @param minutes later, or earlier */
  shift(minutes: number): void {
    if (!this.picked) return;
    const to = later(this.picked.to, minutes);
    this.picked = { ...this.picked, to };
    this.said = words.moving(fullTime(to));
  }

  async drop(): Promise<void> {
    const { picked } = this;
    this.picked = null;
    if (picked) await this.move(picked.entry, picked.to);
  }

  put(): void {
    this.picked = null;
    this.said = words.put;
  }

  async move(entry: { id: number; title: string; dueAt: Date }, to: Date, undo = false): Promise<void> {
    const { id, title, dueAt: was } = entry;
    if (to.getTime() === was.getTime()) return;
    this.trouble = '';
    this.last = null;
    this.shown[id] = to;
    this.busy += 1;
    try {
      const body = new FormData();
      const fields = {
        id: String(id),
        title,
        dueAt: to.toISOString(),
        was: was.toISOString(),
        undo: undo ? '1' : '',
      };
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      const answer = await fetch('?/move', {
        method: 'POST',
        body,
        headers: { 'x-sveltekit-action': 'true' },
      });
      const result = deserialize(await answer.text());
      if (result.type === 'success') {
        this.said = String(result.data?.['done'] ?? '');
        this.last = (result.data?.['moved'] as Moved | null | undefined) ?? null;
      } else {
        this.trouble =
          result.type === 'failure' ? String(result.data?.['message'] ?? '') : messages.errors.unexpected;
      }
      await invalidate('live:releases');
    } catch {
      this.trouble = messages.live.hint.disconnected;
    } finally {
      delete this.shown[id];
      this.busy -= 1;
    }
  }

  async undo(): Promise<void> {
    const { last } = this;
    if (last) await this.move({ ...last, dueAt: last.dueAt }, last.was, true);
  }
}
