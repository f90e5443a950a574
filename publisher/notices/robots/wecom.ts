import { fit, plain } from '../fit.ts';
import type { Message } from '../message.ts';
import { MINUTE, type Robot } from './contract.ts';
import { judgeErrcode } from './errcode.ts';

/** Group robots of WeCom: the key is in the address, nothing is signed; Markdown of up to 4,096 bytes, 20 messages a minute. */
const LONGEST = 4_096;

export const wecom: Robot = {
  kind: 'wecom',
  hosts: ['qyapi.weixin.qq.com'],
  perMinute: 18,

  call(message, { address }) {
    const text = fit(message.text, LONGEST, (part) => Buffer.byteLength(contentOf(message, part)));
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content: contentOf(message, text) } });
    return { url: new URL(address), body };
  },

  judge(answer) {
    const said = judgeErrcode(answer);
    if (said.kind !== 'coded') return said;
    const { code, detail } = said;
    if (code === 45009 || code === 45033) {
      return { kind: 'wait', reason: 'rate-limited', seconds: answer.retryAfterSeconds ?? MINUTE, detail };
    }
    if (code === 93000 || code === 93004 || code === 93008)
      return { kind: 'refused', reason: 'bad-address', detail };
    if (code === 60020) return { kind: 'refused', reason: 'bad-ip', detail };
    return { kind: 'refused', reason: 'bad-content', detail };
  },
};

function contentOf({ heading, facts, link, linkLabel }: Message, text: string): string {
  const quoted = facts.map((fact) => `> ${plain(fact)}`);
  return [`**${plain(heading)}**`, ...(text ? [plain(text)] : []), ...quoted, `[${linkLabel}](${link})`].join(
    '\n',
  );
}
