import { flushCompileCache } from 'node:module';

/**
 * Loads the code of every role once and leaves what was compiled in Node's cache on disk. Without it the roles of a first
 * start would each strip the types from the same sources at the same time, and keep the memory that takes.
 */
await Promise.all([
  import('./role-main.ts'),
  import('./prepare.ts'),
  import('./roles/clock.ts'),
  import('./roles/crawl.ts'),
  import('./roles/index.ts'),
  import('./roles/publish.ts'),
  import('./roles/sample.ts'),
  import('./roles/web.ts'),
]);
flushCompileCache();
