import { openLog } from '../../config/log.ts';

/** Writes one record that holds what must not be logged, at every depth that our records have. */
const secrets = Object.fromEntries(
  [
    'password',
    'secret',
    'token',
    'key',
    'cookie',
    'authorization',
    'databaseUrl',
    'meiliKey',
    'redisUrl',
  ].map((name) => [name, `LEAK-${name}`]),
);
const content = Object.fromEntries(
  ['text', 'title', 'body', 'email', 'phone', 'content'].map((name) => [name, `LEAK-${name}`]),
);
const all = { ...secrets, ...content };
const row = Object.assign(new Error('duplicate key value'), {
  code: '23505',
  detail: 'LEAK-detail',
  where: 'LEAK-where',
  parameters: ['LEAK-parameter'],
  cause: Object.assign(new Error('deeper'), { detail: 'LEAK-deeper' }),
});

const log = openLog('crawl');
log.debug('not shown unless asked for');
log.info({ source: 'city-daily', fresh: 3, ...all, one: all, two: { three: all } }, 'visited');
log.info({ drafts: [all], draft: all, posts: [all] }, 'lists');
log.error({ err: row, source: 'city-daily' }, 'failed');
log.error({ err: 'no error object' }, 'failed');
