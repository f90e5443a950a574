import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RepeatedFaults } from '../../hub/repeated-faults.ts';

type Line = { msg: string; kinds?: Record<string, number>; err: { message: string } };
let lines: Line[];
let faults: RepeatedFaults;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line) as Line) });
  faults = new RepeatedFaults(log, 'the server');
});
afterEach(() => vi.useRealTimers());

const fault = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

test('the first fault is logged at once, and the thousands after it in one line every ten seconds', () => {
  faults.tell(fault('starting', '57P03'));
  expect(lines).toMatchObject([{ msg: 'the server', err: { message: 'starting' } }]);
  for (let second = 0; second < 30; second += 1) {
    for (let n = 0; n < 1_000; n += 1) faults.tell(fault('starting', '57P03'));
    faults.tell(fault('odd'));
    vi.advanceTimersByTime(1_000);
  }
  expect(lines).toHaveLength(4);
  expect(lines.slice(1).map(({ kinds }) => kinds)).toEqual(Array(3).fill({ '57P03': 10_000, Error: 10 }));
  expect(lines.at(-1)?.err.message).toBe('odd');
});

test('after ten quiet seconds the next fault is logged at once again', () => {
  faults.tell(fault('one'));
  vi.advanceTimersByTime(10_000);
  faults.tell(fault('two'));
  expect(lines.map(({ err }) => err.message)).toEqual(['one', 'two']);
});

test('what has not been logged yet is logged at the end', () => {
  faults.tell(fault('one'));
  faults.tell(fault('two', 'ECONNRESET'));
  faults.close();
  expect(lines.at(-1)).toMatchObject({ err: { message: 'two' }, kinds: { ECONNRESET: 1 } });
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(2);
});
