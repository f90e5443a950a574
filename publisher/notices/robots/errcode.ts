import type { Outcome } from '../outcome.ts';
import type { Answer } from '../post-once.ts';
import { judgeStatus, readAnswer } from './contract.ts';

/**
 * Reads an answer of WeCom or DingTalk, which answer alike: `errcode` 0 when a message was taken.
 * @returns what became of the message, or the code and its words where these differ between the two
 */
export function judgeErrcode(answer: Answer): Outcome | { kind: 'coded'; code: number; detail: string } {
  const failed = judgeStatus(answer);
  if (failed) return failed;
  const said = readAnswer(answer.body, 'errcode', 'errmsg');
  if (!said) return { kind: 'unknown', reason: 'not-understood' };
  if (said.code === 0) return { kind: 'sent' };
  // "System busy" does not say whether it was carried out.
  if (said.code === -1) return { kind: 'unknown', reason: 'busy', detail: said.detail };
  return { kind: 'coded', ...said };
}
