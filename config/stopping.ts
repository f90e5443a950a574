/**
 * Event of the process by which the web role tells the built app that it stops. The app is a bundle of its own and shares no modules
 * with the role; what has to be finished first is added to the list that comes with the event.
 */
export const STOPPING = 'jiansheng:stopping';
export type Unfinished = Promise<void>[];
