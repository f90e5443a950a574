import type { Logger } from 'pino';
import type { Runtime } from '../../config/runtime.ts';

/** The parts that a hub runs as processes of their own; `sample` only with the sample data. */
export const roles = ['clock', 'crawl', 'index', 'publish', 'web'] as const;
export type RoleName = (typeof roles)[number] | 'sample';

/**
 * Starts a part of the hub. It shares nothing with the others but PostgreSQL, the queues and the search engine.
 * @returns what stops it; it may be cut off after two seconds, and loses nothing by that
 */
export type Role = (runtime: Runtime, log: Logger) => Promise<() => Promise<void>>;
