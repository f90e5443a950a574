import { createHmac } from 'node:crypto';
import { fit } from '../fit.ts';
import type { Message } from '../message.ts';
import { judgeStatus, MINUTE, readAnswer, type Robot } from './contract.ts';

/**
 * Group robots of Feishu: the token is in the address; with a secret the time and a signature of nothing, keyed by both, go
 * into the body; up to 20 KB, 100 messages a minute and 5 a second.
 */
const LONGEST = 20_000;

export const feishu: Robot = {
  kind: 'feishu',
  hosts: ['open.feishu.cn', 'open.larksuite.com'],
  perMinute: 90,

  call(message, { address, secret }, now) {
    const timestamp = String(Math.floor(now.getTime() / 1000));
    const signed: Record<string, string> =
      secret === null
        ? {}
        : { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
    const text = fit(message.text, LONGEST, (part) => Buffer.byteLength(bodyOf(message, part, signed)));
    return { url: new URL(address), body: bodyOf(message, text, signed) };
  },

  judge(answer) {
    const said = readAnswer(answer.body, 'code', 'msg');
    if (said && LIMITED.includes(said.code)) {
      return {
        ...{ kind: 'wait', reason: 'rate-limited', detail: said.detail },
        seconds: answer.retryAfterSeconds ?? MINUTE,
      };
    }
    // What is wrong with a message comes with status 400 at times, and with 200 at others.
    if (said && answer.status < 500 && said.code in REFUSALS) {
      return { kind: 'refused', reason: REFUSALS[said.code] ?? 'bad-content', detail: said.detail };
    }
    const failed = judgeStatus(answer);
    if (failed) return failed;
    if (!said) return { kind: 'unknown', reason: 'not-understood' };
    if (said.code === 0) return { kind: 'sent' };
    return { kind: 'refused', reason: 'bad-content', detail: said.detail };
  },
};

const LIMITED = [11232, 11233, 99991400];
const REFUSALS: Record<number, 'bad-address' | 'bad-signature' | 'bad-ip' | 'bad-keyword' | 'bad-content'> = {
  9499: 'bad-content',
  19001: 'bad-address',
  19007: 'bad-address',
  19021: 'bad-signature',
  19022: 'bad-ip',
  19024: 'bad-keyword',
};

function bodyOf(message: Message, text: string, signed: Record<string, string>): string {
  const { level, heading, facts, link, linkLabel } = message;
  const words = [...(text ? [text] : []), ...facts].join('\n');
  return JSON.stringify({
    ...signed,
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      // Its colours have the names of the levels.
      header: { title: { tag: 'plain_text', content: heading }, template: level },
      elements: [
        { tag: 'div', text: { tag: 'plain_text', content: words } },
        {
          tag: 'action',
          actions: [
            { tag: 'button', type: 'primary', text: { tag: 'plain_text', content: linkLabel }, url: link },
          ],
        },
      ],
    },
  });
}
