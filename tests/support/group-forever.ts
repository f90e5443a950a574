import pino from 'pino';
import { runGrouping } from '../../indexer/topics/grouping-worker.ts';
import { openStore } from '../../store/pool.ts';

/** Grouping in a process of its own, for a test that kills it: `group-forever.ts <database>`. Says when it begins. */
const [databaseUrl = ''] = process.argv.slice(2);

const pool = openStore(databaseUrl, 'group-forever', { max: 2 });
await pool.query('select 1');
process.stdout.write('begins\n');
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await runGrouping(pool, pino({ level: 'error' }, pino.destination(2)), stop.signal, async () => {}, 10);
await pool.end();
