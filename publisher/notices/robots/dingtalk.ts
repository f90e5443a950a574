import { createHmac } from 'node:crypto';
import { fit, plain } from '../fit.ts';
import type { Message } from '../message.ts';
import { MINUTE, type Robot } from './contract.ts';
import { judgeErrcode } from './errcode.ts';

/**
 * Group robots of DingTalk: the token is in the address; with a secret (it begins with SEC) the time and a signature are
 * added to it; up to 20,000 bytes, 20 messages a minute, and who sends more is shut out for ten.
 */
const LONGEST = 20_000;
const SHUT_OUT_SECONDS = 10 * MINUTE;

export const dingtalk: Robot = {
  kind: 'dingtalk',
  hosts: ['oapi.dingtalk.com', 'api.dingtalk.com'],
  perMinute: 18,

  call(message, { address, secret }, now) {
    const url = new URL(address);
    if (secret !== null) {
      const timestamp = String(now.getTime());
      url.searchParams.set('timestamp', timestamp);
      url.searchParams.set(
        'sign',
        createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'),
      );
    }
    const text = fit(message.text, LONGEST, (part) => Buffer.byteLength(bodyOf(message, part)));
    return { url, body: bodyOf(message, text) };
  },

  judge(answer) {
    const said = judgeErrcode(answer);
    if (said.kind !== 'coded') return said;
    const { code, detail } = said;
    if ([130101, 660026, 410100, 90018].includes(code)) {
      const seconds = answer.retryAfterSeconds ?? SHUT_OUT_SECONDS;
      return { kind: 'wait', reason: 'rate-limited', seconds, detail };
    }
    // One code for all of its three ways to protect a robot: only the words tell which.
    if (code === 310000) {
      const reason = /keyword/i.test(detail)
        ? 'bad-keyword'
        : /\bip\b/i.test(detail)
          ? 'bad-ip'
          : 'bad-signature';
      return { kind: 'refused', reason, detail };
    }
    if ([300001, 300005, 400013, 400101, 400102].includes(code))
      return { kind: 'refused', reason: 'bad-address', detail };
    return { kind: 'refused', reason: 'bad-content', detail };
  },
};

function bodyOf({ heading, facts, link, linkLabel }: Message, text: string): string {
  const lines = [
    `#### ${plain(heading)}`,
    ...(text ? [plain(text)] : []),
    ...facts.map((fact) => `> ${plain(fact)}`),
    `[${linkLabel}](${link})`,
  ];
  return JSON.stringify({
    msgtype: 'markdown',
    markdown: { title: plain(heading), text: lines.join('\n\n') },
  });
}
