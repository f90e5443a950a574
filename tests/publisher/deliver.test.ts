import { describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import { website } from '../../publisher/channels/website.ts';
import { deliver } from '../../publisher/deliver.ts';
import { messages } from '../../publisher/messages.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import type { DeliveryRow, DeliveryState } from '../../store/deliveries.ts';
import type { Store } from '../../store/pool.ts';

const due = new Date('2026-11-22T08:00:00.000Z');

const delivery = (state: DeliveryState): DeliveryRow => ({
  id: 9,
  officeId: 1,
  releaseId: 4,
  channel: 'website',
  dueAt: due,
  state,
  content: contentOf({ title: '通报', document: documentOfText('正文') }),
  address: null,
  publishedAt: null,
  reason: null,
  heldFor: null,
});

/**
 * A database of one row that answers one reading and refuses everything else: what is left alone must not be touched.
 * How deliveries change is tried on a real one, in the integration tests.
 */
function readOnly(row: DeliveryRow | null): Store {
  let reads = 0;
  return {
    query: async (sql: string) => {
      reads += 1;
      if (reads > 1 || !/^select/.test(sql)) throw new Error(`touched: ${sql}`);
      return { rows: row ? [row] : [] };
    },
    connect: () => Promise.reject(new Error('touched in a transaction')),
  } as unknown as Store;
}

describe('a delivery is left alone', () => {
  test('when it is not there', async () => {
    expect(await deliver(readOnly(null), 9, due, 60)).toBe('done');
  });

  test.each([501, 60_000, 86_400_000])('%s ms before its time', async (early) => {
    expect(await deliver(readOnly(delivery('waiting')), 9, new Date(due.getTime() - early), 60)).toBe(
      'early',
    );
  });

  test.each<DeliveryState>([
    'published',
    'missed',
    'cancelled',
    'withdrawn',
    'refused',
    'failed',
    'unknown',
    'processing',
  ])('once it is %s, at any time', async (state) => {
    for (const at of [due, new Date(due.getTime() - 86_400_000), new Date(due.getTime() + 86_400_000)]) {
      expect(await deliver(readOnly(delivery(state)), 9, at, 60)).toBe('done');
    }
  });
});

describe('a delivery is taken up', () => {
  test.each([
    ['half a second before its time', -500],
    ['at its time', 0],
    ['a moment before it is missed', 60 * 60_000 - 1],
    ['when it is missed', 60 * 60_000],
  ])('%s', async (_, offset) => {
    const act = deliver(readOnly(delivery('waiting')), 9, new Date(due.getTime() + offset), 60);
    await expect(act).rejects.toThrow('touched');
  });

  test('again where a channel allows it, when the worker died while sending', async () => {
    expect(website.interrupted).toBe('repeat');
    await expect(deliver(readOnly(delivery('sending')), 9, due, 60)).rejects.toThrow('touched');
  });
});

test('what was missed is told with how late it was and what to do', () => {
  expect(messages.missed(75)).toContain('75 分钟');
  expect(messages.missed(75)).toContain('重新安排');
});
