import { openCipher } from '../../../config/cipher.ts';
import { readEnv } from '../../../config/env.ts';
import { openLog } from '../../../config/log.ts';
import { decodeRuntime } from '../../../config/runtime.ts';
import { publishWith } from '../../../hub/roles/publish.ts';
import { openAuditLog } from '../../../store/audit.ts';
import { quickPatience } from './patience.ts';

/** The publish role with less patience: `quick-publisher.ts`, the runtime in `JIANSHENG_RESOLVED`. Runs until it is killed. */
const runtime = decodeRuntime(readEnv());
if (!runtime) throw new Error('no runtime');
openAuditLog(openCipher(runtime.keys));
const stop = await publishWith(runtime, openLog('publish'), quickPatience);
process.send?.({ ready: 'publish' });
process.on('SIGTERM', () => void stop().finally(() => process.exit(0)));
process.on('disconnect', () => process.exit(0));
