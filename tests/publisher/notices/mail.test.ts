import { expect, test } from 'vitest';
import { sendMail } from '../../../publisher/notices/mail.ts';
import type { Message } from '../../../publisher/notices/message.ts';
import { MAIL_USER, mailForThisTest, type MailFault, type MailServer } from '../../simulators/smtp.ts';

const message: Message = {
  level: 'red',
  purpose: 'first',
  heading: '【检声·红色】建议预警：青石县食堂\r\nBcc: other@mail.example',
  text: '近 1 小时 58 条。\n.\n一行只有一个点。',
  facts: ['单位：云州市人民检察院'],
  link: 'https://desk.example/warnings/7',
  linkLabel: '打开',
};

function send(server: MailServer, password = MAIL_USER.password, timeoutMs = 20_000) {
  const mail = {
    ...({ host: '127.0.0.1', port: server.port, security: 'none', from: MAIL_USER.user } as const),
    ...{ user: MAIL_USER.user, password },
  };
  return sendMail(mail, 'analyst@mail.example', message, 'notice-9', timeoutMs);
}

/** What stands in a base64 or quoted-printable part, as its reader sees it. */
function decoded(text: string): string {
  const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

test('a message arrives whole, to its reader alone, with an id of its own', async () => {
  const server = await mailForThisTest();
  expect(await send(server)).toEqual({ kind: 'sent' });
  const [taken] = server.taken;
  expect(taken?.to).toEqual(['analyst@mail.example']);
  expect(taken?.text).toContain('Message-ID: <notice-9@mail.example>');
  expect(taken?.text).not.toMatch(/^Bcc:/m);
  const text = decoded(taken?.text ?? '');
  for (const part of ['58 条', '一行只有一个点', 'https://desk.example/warnings/7'])
    expect(text).toContain(part);
});

test.each<[MailFault, string, string, number]>([
  ['busy', 'again', '', 0],
  ['mailbox-full', 'again', 'server-error', 0],
  ['no-mailbox', 'refused', 'mailbox', 0],
  ['drop-before', 'again', 'not-reached', 0],
  ['drop-after', 'unknown', 'cut-off', 1],
  ['silent-after', 'unknown', 'timed-out', 1],
])('a server with the fault %s: %s', async (fault, kind, reason, taken) => {
  const server = await mailForThisTest();
  server.faults.push(fault);
  const outcome = await send(server, MAIL_USER.password, 1_500);
  expect(outcome.kind).toBe(kind);
  if (reason !== '') expect(outcome).toMatchObject({ reason });
  expect(server.taken).toHaveLength(taken);
});

test('who may not sign in is told so, without the password', async () => {
  const server = await mailForThisTest();
  const outcome = await send(server, 'a-wrong-password');
  expect(outcome).toMatchObject({ kind: 'refused', reason: 'mail-sign-in' });
  expect(JSON.stringify(outcome)).not.toContain('a-wrong-password');
});

test('a server that is not there was certainly not told', async () => {
  const server = await mailForThisTest();
  await server.close();
  expect(await send(server)).toMatchObject({ kind: 'again', reason: 'not-reached' });
});
