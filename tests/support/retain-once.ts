import { openCipher } from '../../config/cipher.ts';
import { retain } from '../../indexer/retain.ts';
import { openAuditLog } from '../../store/audit.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';

/** One clearing, for a test that kills it: `retain-once.ts <database> <key> <office> <day>`. Says when it begins. */
const [databaseUrl = '', key = '', officeId = '', day = ''] = process.argv.slice(2);

openAuditLog(openCipher([key]));
const pool = openStore(databaseUrl, 'retain-once', { max: 1 });
await pool.query('select 1');
process.stdout.write('begins\n');
await retain(scoped(pool, EVERY_OFFICE), Number(officeId), day, new Date('2026-11-22T04:00:00Z'), {
  rawTextDays: 90,
  contactDays: 30,
  objectionDays: 1095,
});
await pool.end();
