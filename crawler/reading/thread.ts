import { parentPort } from 'node:worker_threads';
import { readOnePage } from '../extract/one-page.ts';
import type { Asked } from './apart.ts';

/** The other side of `ReadingThread`: reads one page after the other. */
parentPort?.on('message', ({ id, html, question }: Asked) => {
  parentPort?.postMessage({ id, answer: readOnePage(html, question) });
});
