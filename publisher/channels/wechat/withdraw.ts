import { z } from 'zod';
import type { OpenAccount, Outgoing, Tools, Withdrawn } from '../contract.ts';
import { PlatformFault, tomorrow } from '../fault.ts';
import { openWechat, paths } from './interface.ts';
import { messages } from './messages.ts';
import { askStatus } from './publish.ts';
import { wechatProgress } from './progress.ts';

/** Deletes the article. What is gone already (53600) is done: a delete whose answer was lost is simply made again. */
export async function withdraw(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Withdrawn> {
  const progress = wechatProgress(delivery.progress);
  let { articleId } = progress;
  let begun = false;
  try {
    const wechat = openWechat(account, tools);
    if (articleId === undefined && progress.publishId !== undefined) {
      articleId = (await askStatus(progress.publishId, wechat)).articleId ?? undefined;
    }
    if (articleId === undefined) return { kind: 'manual', how: messages.deleteByHand };
    await wechat.call({
      path: paths.delete,
      // Without an index all articles of the message: a release is the only one of its message.
      body: { article_id: articleId },
      schema: z.unknown(),
      before: () => {
        begun = true;
        return Promise.resolve();
      },
    });
    return { kind: 'done' };
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    const { code, why, requestId } = error;
    const said = { why, code, ...(requestId !== undefined && { requestId }) };
    switch (error.class) {
      case 'stale':
        return { kind: 'done' };
      case 'busy':
        return begun
          ? { kind: 'unknown', ...said, why: messages.deleteUnknown }
          : { kind: 'retry', at: soon(tools), ...said };
      case 'quota':
        return { kind: 'retry', at: tomorrow(tools.now()), ...said };
      case 'administrator':
      case 'reauthorise':
        return { kind: 'stopped', problem: error.class, ...said };
      case 'token':
      case 'wait':
        return { kind: 'retry', at: soon(tools), ...said };
      case 'content':
      case 'repeated':
      case 'failed':
        return { kind: 'refused', ...said };
    }
  }
}

const soon = (tools: Pick<Tools, 'now'>) => new Date(tools.now().getTime() + 61_000);
