import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { startWechat, type WechatSimulator } from './wechat.ts';
import { startWeibo, type WeiboSimulator } from './weibo.ts';

export type BothOptions = {
  /** 0: a free one. */
  ports?: { wechat: number; weibo: number };
  /**
   * Where what they show is kept, so that it stands again after the next start: a platform that forgot would look as if it
   * had taken everything down. Null: nowhere.
   */
  folder?: string | null;
  /** Their clocks stand at this time; null: they run. */
  now?: number | null;
  /** Calls that are kept to be looked at. */
  remembered?: number;
  /** Of the account that is at WeChat from the beginning. */
  appId?: string;
};

export type Both = { wechat: WechatSimulator; weibo: WeiboSimulator; close(): Promise<void> };

const KEEP_EVERY_MS = 2_000;
type Kept = { wechat: unknown; weibo: unknown };

/** Both platforms in this process, for people to look at and for other processes to ask. */
export async function startBoth(options: BothOptions = {}): Promise<Both> {
  const { ports = { wechat: 0, weibo: 0 }, folder = null, now = null, remembered, appId } = options;
  const file = folder === null ? null : join(folder, 'state');
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = file !== null && existsSync(file) ? (deserialize(readFileSync(file)) as Kept) : null;
  const pictures = folder === null ? null : join(folder, 'pictures');
  const common = { folder: pictures, ownPages: true, remembered };
  const wechat = await startWechat(now, { ...common, port: ports.wechat, kept: kept?.wechat, appId });
  const weibo = await startWeibo(now, { ...common, port: ports.weibo, kept: kept?.weibo }).catch(
    async (error: unknown) => {
      await wechat.close();
      throw error;
    },
  );

  let before: Buffer | null = null;
  function keep(): void {
    if (file === null) return;
    const state = serialize({ wechat: wechat.snapshot(), weibo: weibo.snapshot() });
    if (before?.equals(state)) return;
    // Whole or not at all, also when the process is killed while it writes.
    writeFileSync(`${file}.new`, state, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    before = state;
  }
  const timer = file === null ? null : setInterval(keep, KEEP_EVERY_MS);
  timer?.unref();

  return {
    wechat,
    weibo,
    async close() {
      if (timer) clearInterval(timer);
      keep();
      await Promise.all([wechat.close(), weibo.close()]);
    },
  };
}
