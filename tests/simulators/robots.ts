import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Group robots of WeCom, DingTalk and Feishu and a plain webhook on loopback, as their documentation has them: what is signed,
 * how large a message may be, how many a minute, and which code says what. What a fault does is done to one call.
 */
export type RobotFault =
  /** Not taken. */
  | 'error'
  | 'unavailable'
  | 'limited'
  /** The connection ends before the call was looked at. */
  | 'reset-before'
  /** Taken, and the sender never hears of it. */
  | 'reset-after'
  | 'silent-after'
  | 'garbage-after'
  /** Taken, and answered late. */
  | 'slow';

export type Taken = { robot: string; text: string; body: string; headers: Record<string, unknown> };

export type GroupRobots = {
  origin: string;
  /** What arrived in the groups. */
  taken: Taken[];
  /** Every call, taken or not. */
  calls: number;
  /** What happens to the next calls; empty: all is well. */
  faults: RobotFault[];
  /** Drawn for each call for which no fault is lined up. */
  draw: (() => RobotFault | null) | null;
  /** The platform's clock. */
  clock: () => number;
  /** As if nothing had been sent so far. */
  forget(): void;
  close(): Promise<void>;
};

export const SECRETS = {
  dingtalk: 'SECsimulated0123456789abcdef',
  feishu: 'simulated-feishu-secret',
  webhook: 'simulated-webhook-secret',
};
/** Address of a robot of each kind, from the origin on. */
export const PATHS = {
  wecom: '/cgi-bin/webhook/send?key=simulated-key',
  dingtalk: '/robot/send?access_token=simulated-token',
  feishu: '/open-apis/bot/v2/hook/simulated-hook',
  webhook: '/hook',
};
const KEYWORD = '检声';
const HOUR_MS = 3_600_000;
const LATE_MS = 150;

type Said = { status?: number; headers?: Record<string, string>; body: unknown; text?: string };

export async function startRobots(): Promise<GroupRobots> {
  const sent = new Map<string, number[]>();
  const robots: GroupRobots = {
    ...{ origin: '', taken: [], calls: 0, faults: [], draw: null, clock: Date.now },
    forget: () => {
      sent.clear();
      [robots.taken, robots.faults, robots.draw, robots.calls] = [[], [], null, 0];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function judge(url: URL, request: IncomingMessage, body: string): Said & { robot: string } {
    const kind = kindOf(url.pathname);
    if (kind === null) return { robot: '', status: 404, body: 'not found' };
    if (request.method !== 'POST' || !/^application\/json/.test(request.headers['content-type'] ?? '')) {
      return { robot: kind, body: { errcode: 43004, errmsg: 'invalid content-type' } };
    }
    const said = judges[kind](url, body, robots.clock(), request.headers);
    return { robot: kind, ...(said.text === undefined ? said : (limited(kind) ?? said)) };
  }

  /** The answer to one too many. */
  function limited(kind: Kind): Said | null {
    const now = robots.clock();
    const minute = (sent.get(kind) ?? []).filter((at) => at > now - 60_000);
    sent.set(kind, [...minute, now]);
    if (minute.length < MINUTE_MOST[kind]) return null;
    sent.set(kind, minute);
    return LIMITED[kind];
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    robots.calls += 1;
    const fault = robots.faults.shift() ?? robots.draw?.() ?? null;
    if (fault === 'reset-before') return void request.socket.destroy();
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://robots');
    const kind = kindOf(url.pathname);
    if (fault === 'error') return say(response, { status: 500, body: 'Internal Server Error' });
    if (fault === 'unavailable')
      return say(response, { status: 503, headers: { 'retry-after': '2' }, body: '' });
    if (fault === 'limited' && kind) return say(response, LIMITED[kind]);
    const body = Buffer.concat(chunks).toString('utf8');
    const said = judge(url, request, body);
    if (said.text !== undefined) {
      robots.taken.push({ robot: said.robot, text: said.text, body, headers: request.headers });
    }
    if (fault === 'reset-after') return void request.socket.destroy();
    if (fault === 'silent-after') return;
    if (fault === 'garbage-after') return say(response, { body: '<html>welcome</html>' });
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    say(response, said);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  robots.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return robots;
}

/** Closes them with the test. */
export async function robotsForThisTest(): Promise<GroupRobots> {
  const robots = await startRobots();
  onTestFinished(() => robots.close());
  return robots;
}

type Kind = keyof typeof PATHS;
const MINUTE_MOST: Record<Kind, number> = { wecom: 20, dingtalk: 20, feishu: 100, webhook: 1_000 };
const LIMITED: Record<Kind, Said> = {
  wecom: { body: { errcode: 45009, errmsg: 'api freq out of limit' } },
  dingtalk: { body: { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' } },
  feishu: {
    body: { code: 11232, data: {}, msg: 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]' },
  },
  webhook: { status: 429, headers: { 'retry-after': '3' }, body: '' },
};

function kindOf(path: string): Kind | null {
  return (Object.keys(PATHS) as Kind[]).find((kind) => PATHS[kind].split('?')[0] === path) ?? null;
}

type Judge = (url: URL, body: string, now: number, headers: Record<string, unknown>) => Said;

const judges: Record<Kind, Judge> = {
  wecom(url, body) {
    if (url.searchParams.get('key') !== 'simulated-key') {
      return { body: { errcode: 93000, errmsg: 'invalid webhook url' } };
    }
    const sent = parse(body) as { msgtype?: string; markdown?: { content?: string } } | null;
    const content = sent?.markdown?.content;
    if (sent?.msgtype !== 'markdown' || !content)
      return { body: { errcode: 40008, errmsg: 'invalid message type' } };
    if (Buffer.byteLength(content) > 4096) {
      return { body: { errcode: 40058, errmsg: 'markdown.content exceed max length 4096' } };
    }
    return { text: content, body: { errcode: 0, errmsg: 'ok' } };
  },

  dingtalk(url, body, now) {
    const asked = url.searchParams;
    if (asked.get('access_token') !== 'simulated-token') {
      return { body: { errcode: 300005, errmsg: 'token is not exist' } };
    }
    const timestamp = asked.get('timestamp') ?? '';
    if (Math.abs(Number(timestamp) - now) > HOUR_MS) {
      return { body: { errcode: 310000, errmsg: 'invalid timestamp' } };
    }
    const sign = createHmac('sha256', SECRETS.dingtalk)
      .update(`${timestamp}\n${SECRETS.dingtalk}`)
      .digest('base64');
    if (asked.get('sign') !== sign) return { body: { errcode: 310000, errmsg: 'sign not match' } };
    if (Buffer.byteLength(body) > 20_000) return { body: { errcode: 460101, errmsg: 'message too long' } };
    const sent = parse(body) as { msgtype?: string; markdown?: { title?: string; text?: string } } | null;
    const { title, text } = sent?.markdown ?? {};
    if (sent?.msgtype !== 'markdown' || !title || !text)
      return { body: { errcode: 40035, errmsg: 'param error' } };
    if (!text.includes(KEYWORD)) return { body: { errcode: 310000, errmsg: 'keywords not in content' } };
    return { text, body: { errcode: 0, errmsg: 'ok' } };
  },

  feishu(_, body, now) {
    type Card = { header?: { title?: { content?: string }; template?: string }; elements?: unknown[] };
    const sent = parse(body) as { timestamp?: string; sign?: string; msg_type?: string; card?: Card } | null;
    if (Buffer.byteLength(body) > 20 * 1024)
      return { status: 400, body: { code: 9499, msg: 'Bad Request', data: {} } };
    const key = `${sent?.timestamp}\n${SECRETS.feishu}`;
    const sign = createHmac('sha256', key).update('').digest('base64');
    if (Math.abs(Number(sent?.timestamp) * 1000 - now) > HOUR_MS || sent?.sign !== sign) {
      const msg = 'sign match fail or timestamp is not within one hour from current time';
      return { body: { code: 19021, msg, data: {} } };
    }
    const heading = sent?.card?.header?.title?.content;
    if (sent?.msg_type !== 'interactive' || !heading) {
      return { status: 400, body: { code: 9499, msg: 'Bad Request', data: {} } };
    }
    if (!heading.includes(KEYWORD)) return { body: { code: 19024, msg: 'Key Words Not Found', data: {} } };
    const text = `${heading}\n${JSON.stringify(sent.card?.elements)}`;
    return { text, body: { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' } };
  },

  webhook(_, body, now, headers) {
    const timestamp = String(headers['x-jiansheng-timestamp']);
    const sign = createHmac('sha256', SECRETS.webhook).update(`${timestamp}.${body}`).digest('hex');
    const late = Math.abs(Number(timestamp) * 1000 - now) > HOUR_MS;
    if (late || headers['x-jiansheng-signature'] !== `v1=${sign}`)
      return { status: 401, body: 'bad signature' };
    const sent = parse(body) as { title?: string; text?: string } | null;
    if (!sent?.title) return { status: 422, body: 'no title' };
    return { status: 204, text: `${sent.title}\n${sent.text}`, body: '' };
  },
};

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function say(response: ServerResponse, { status = 200, headers = {}, body }: Said): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(status === 204 ? undefined : text);
}
