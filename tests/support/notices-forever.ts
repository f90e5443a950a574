import pino from 'pino';
import { openCipher } from '../../config/cipher.ts';
import { openGuard } from '../../publisher/notices/post-once.ts';
import { runNotices } from '../../publisher/notices/run.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';

/** Tells staff until it is killed: `notices-forever.ts <database> <key>`. */
const [databaseUrl = '', key = ''] = process.argv.slice(2);

await runNotices(
  {
    store: scoped(openStore(databaseUrl, 'notices-forever', { max: 4 }), EVERY_OFFICE),
    cipher: openCipher([key]),
    guard: openGuard(['127.0.0.1']),
    mail: null,
    address: 'https://desk.example',
    timeoutMs: 20_000,
  },
  pino({ level: 'silent' }),
  new AbortController().signal,
);
