import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A mail server on loopback (RFC 5321, AUTH PLAIN of RFC 4954) that keeps what it takes. */
export type MailFault =
  | 'busy'
  | 'no-mailbox'
  | 'mailbox-full'
  /** Ends before the text. */
  | 'drop-before'
  /** Takes the text, and ends or says nothing. */
  | 'drop-after'
  | 'silent-after';

export type TakenMail = { from: string; to: string[]; text: string };

export type MailServer = {
  port: number;
  taken: TakenMail[];
  faults: MailFault[];
  close(): Promise<void>;
};

export const MAIL_USER = { user: 'jiansheng@mail.example', password: 'simulated-password' };

export async function startMailServer(): Promise<MailServer> {
  const sockets = new Set<Socket>();
  const mail: MailServer = {
    ...{ port: 0, taken: [], faults: [] },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    talk(socket, mail, mail.faults.shift() ?? null);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mail.port = (server.address() as AddressInfo).port;
  return mail;
}

export async function mailForThisTest(): Promise<MailServer> {
  const mail = await startMailServer();
  onTestFinished(() => mail.close());
  return mail;
}

function talk(socket: Socket, mail: MailServer, fault: MailFault | null): void {
  let [buffer, from, signedIn] = ['', '', false];
  let to: string[] = [];
  let text: string[] | null = null;
  const say = (line: string) => socket.write(`${line}\r\n`);

  function command(line: string): void {
    const [verb = '', rest = ''] = line.split(/ (.*)/s);
    switch (verb.toUpperCase()) {
      case 'EHLO':
        say('250-mail.example');
        say('250-AUTH PLAIN LOGIN');
        return void say('250 SMTPUTF8');
      case 'AUTH': {
        const [, user, password] = Buffer.from(rest.replace('PLAIN ', ''), 'base64').toString().split('\0');
        signedIn = user === MAIL_USER.user && password === MAIL_USER.password;
        return void say(signedIn ? '235 2.7.0 ok' : '535 5.7.8 authentication failed');
      }
      case 'MAIL':
        if (!signedIn) return void say('530 5.7.0 authentication required');
        from = /<(.*?)>/.exec(rest)?.[1] ?? '';
        return void say('250 2.1.0 ok');
      case 'RCPT':
        if (fault === 'no-mailbox') return void say('550 5.1.1 no such user here');
        if (fault === 'mailbox-full') return void say('452 4.2.2 mailbox full');
        to.push(/<(.*?)>/.exec(rest)?.[1] ?? '');
        return void say('250 2.1.5 ok');
      case 'DATA':
        if (fault === 'drop-before') return void socket.destroy();
        text = [];
        return void say('354 go on');
      case 'QUIT':
        say('221 bye');
        return void socket.end();
      default:
        return void say('500 5.5.2 what');
    }
  }

  function line(each: string): void {
    if (text === null) return command(each);
    if (each !== '.') return void text.push(each.startsWith('.') ? each.slice(1) : each);
    mail.taken.push({ from, to, text: text.join('\r\n') });
    [text, to] = [null, []];
    if (fault === 'drop-after') socket.destroy();
    else if (fault !== 'silent-after') say('250 2.0.0 taken');
  }

  if (fault === 'busy') {
    say('421 4.3.2 try again later');
    return void socket.end();
  }
  say('220 mail.example ESMTP');
  socket.on('data', (chunk) => {
    buffer += chunk.toString('utf8');
    for (let at = buffer.indexOf('\r\n'); at >= 0; at = buffer.indexOf('\r\n')) {
      const each = buffer.slice(0, at);
      buffer = buffer.slice(at + 2);
      line(each);
    }
  });
}
