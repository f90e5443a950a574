import { parseArgs } from 'node:util';
import { startBoth } from './both.ts';

/*
 * Both platforms as a process of their own, which outlives whoever publishes:
 *   node tests/simulators/main.ts [--wechat PORT] [--weibo PORT] [--folder FOLDER] [--now MS]
 * The first line of the output says where they are; everything else goes over HTTP under `/_/`.
 */
const { values } = parseArgs({
  options: {
    wechat: { type: 'string', default: '0' },
    weibo: { type: 'string', default: '0' },
    folder: { type: 'string' },
    now: { type: 'string' },
  },
});
const both = await startBoth({
  ports: { wechat: Number(values.wechat), weibo: Number(values.weibo) },
  folder: values.folder ?? null,
  now: values.now === undefined ? null : Number(values.now),
});
process.stdout.write(`${JSON.stringify({ wechat: both.wechat.origin, weibo: both.weibo.origin })}\n`);

const end = () => void both.close().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Whoever started it as a child is gone.
process.once('disconnect', end);
