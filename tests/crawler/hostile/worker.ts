import { parentPort, workerData } from 'node:worker_threads';
import { hostileInputs } from './inputs.ts';
import { faultsOf } from './reading.ts';

export type Order = { kind: string; seed: number; count: number };
export type Told = { at: number } | { done: number; faults: string[] };

const CHUNK = 100;

/** Reads the inputs of one order and tells of each before it begins, so that who watches knows which one hangs. */
const { kind, seed, count } = workerData as Order;
const faults: string[] = [];
let done = 0;
for (let from = 0; from < count; from += CHUNK) {
  for (const input of hostileInputs(kind, seed + from, Math.min(CHUNK, count - from))) {
    parentPort?.postMessage({ at: done } satisfies Told);
    for (const fault of faultsOf(input)) if (faults.length < 10) faults.push(`input ${done}, ${fault}`);
    done += 1;
  }
}
parentPort?.postMessage({ done, faults } satisfies Told);
