import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailSettings } from '../../config/mail.ts';
import type { Message } from './message.ts';
import { noticeWords } from './messages.ts';
import { detailOf, type Outcome } from './outcome.ts';

/** The server that takes mail, and the password with which the hub signs in there. */
export type Mail = MailSettings & { password: string | null };

type Failure = Error & { code?: string; responseCode?: number; response?: string };

/**
 * Hands one message to the mail server, once. What the server refuses was not taken; when the connection ends after the
 * text had begun to flow and before the server said that it has it, nobody knows.
 * @param id the same for every try of one delivery: it is the Message-ID, by which mail systems know a double
 * @param timeoutMs of silence
 */
export async function sendMail(
  mail: Mail,
  to: string,
  message: Message,
  id: string,
  timeoutMs: number,
): Promise<Outcome> {
  const text = await textOf(mail, to, message, id);
  const connection = new SMTPConnection({
    host: mail.host,
    port: mail.port,
    secure: mail.security === 'tls',
    requireTLS: mail.security === 'starttls',
    ignoreTLS: mail.security === 'none',
    name: mail.from.split('@')[1],
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    logger: false,
  });
  let begun = false;
  const body = Readable.from(
    (function* () {
      begun = true;
      yield text;
    })(),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.once('end', () => reject(new Error('connection ended')));
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    if (mail.user !== undefined) {
      const auth = { user: mail.user, pass: mail.password ?? '' };
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject);
        connection.login(auth, (error) => (error ? reject(error) : resolve()));
      });
    }
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.once('end', () => reject(new Error('connection ended')));
      connection.send({ from: mail.from, to: [to] }, body, (error) => (error ? reject(error) : resolve()));
    });
    connection.quit();
    return { kind: 'sent' };
  } catch (error) {
    connection.close();
    return judge(error as Failure, begun);
  }
}

function judge({ code, responseCode, response, message }: Failure, begun: boolean): Outcome {
  const detail = detailOf(response ?? code ?? message);
  if (responseCode !== undefined && responseCode >= 400) {
    // RFC 5321, 4.2.1: 4yz may pass, 5yz will not. Who may not sign in today may not do so in a minute either.
    if (code === 'EAUTH') return { kind: 'refused', reason: 'mail-sign-in', detail };
    return responseCode < 500
      ? { kind: 'again', reason: 'server-error', detail }
      : { kind: 'refused', reason: 'mailbox', detail };
  }
  if (code === 'EAUTH') return { kind: 'refused', reason: 'mail-sign-in', detail };
  if (begun) return { kind: 'unknown', reason: code === 'ETIMEDOUT' ? 'timed-out' : 'cut-off', detail };
  return { kind: 'again', reason: 'not-reached', detail };
}

function textOf(mail: Mail, to: string, message: Message, id: string): Promise<Buffer> {
  const { heading, text, facts, link, linkLabel } = message;
  const body = [text, facts.join('\n'), `${linkLabel}：\n${link}`, noticeWords.mailFoot]
    .filter((part) => part !== '')
    .join('\n\n');
  return new MailComposer({
    from: mail.from,
    to,
    // A line break in a title would begin another header.
    subject: heading.replaceAll(/[\r\n]+/g, ' '),
    text: body,
    messageId: `<${id}@${mail.from.split('@')[1] ?? 'jiansheng'}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
