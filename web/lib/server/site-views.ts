import type { EventEmitter } from 'node:events';
import { errorText } from '../../../config/errors.ts';
import { STOPPING, type Unfinished } from '../../../config/stopping.ts';
import { countViews } from '../../../store/site-views.ts';
import { publicDb } from './desk.ts';
import { hub } from './hub.ts';
import { ViewCounter } from './view-counter.ts';

export { isReading } from './view-counter.ts';

let counter: ViewCounter | null = null;

/** The counter of this process; what it still holds is written when the web part stops. */
export function siteViews(): ViewCounter {
  if (!counter) {
    counter = new ViewCounter(
      (views) => countViews(publicDb(), views),
      (err) => hub().log.warn({ err: errorText(err) }, 'views of the website are written later'),
    );
    const views = counter;
    const own: EventEmitter = process;
    own.on(STOPPING, (unfinished: Unfinished) => void unfinished.push(views.flush()));
  }
  return counter;
}
