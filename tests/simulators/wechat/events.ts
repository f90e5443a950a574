import { request } from 'node:http';
import type { Troubles } from '../faults.ts';
import { encrypted, pushQuery } from './push.ts';
import type { Callback, WechatState } from './state.ts';

/** How long the platform waits for an answer, and how often it tells the same thing again. */
const WAIT_MS = 5_000;
const TRIES = 3;
const REMEMBERED = 100;

/** Tells the hub of an account what has happened. */
export type Teller = {
  /**
   * An event that may be told late, twice, not at all or under another name.
   * @param details the elements of the event, as XML
   */
  event(name: string, details: string): void;
};

/** @param trouble what goes wrong at random with messages; null: nothing ever does */
export function teller(state: WechatState, trouble: Pick<Troubles, 'atEvent'> | null): Teller {
  async function tell(name: string, message: string): Promise<void> {
    const { callback } = state;
    if (!callback) return;
    const entry: WechatState['pushed'][number] = { event: name, status: null, tries: 0 };
    state.pushed.push(entry);
    if (state.pushed.length > REMEMBERED) state.pushed.shift();
    for (let turn = 0; turn < TRIES; turn += 1) {
      entry.tries += 1;
      const answer = await post(callback, state, message);
      entry.status = answer?.status ?? null;
      if (answer?.status === 200 && (answer.text === '' || answer.text === 'success')) return;
    }
  }

  return {
    event(name, details) {
      const wrong = trouble?.atEvent() ?? null;
      const { times, delayMs } = state.event;
      // Some accounts are told of a publication under the name of the other event.
      const called = wrong?.kind === 'renamed' ? 'MASSSENDJOBFINISH' : name;
      const often = wrong?.kind === 'missing' ? 0 : wrong?.kind === 'twice' ? times * 2 : times;
      const at = state.now + delayMs + (wrong?.kind === 'late' ? wrong.ms : 0);
      // A message that is told again is the same to the letter.
      const message = eventXml(called, details, state.now);
      for (let turn = 0; turn < often; turn += 1) state.clock.at(at, () => tell(called, message));
    },
  };
}

function eventXml(name: string, details: string, now: number): string {
  return `<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>
<FromUserName><![CDATA[oSystemOfThePlatform00000001]]></FromUserName>
<CreateTime>${Math.floor(now / 1000)}</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[${name}]]></Event>
${details}</xml>`;
}

/** The message in the mode of the account: in the clear, sealed, or both in one. */
export function inMode(callback: Callback, appId: string, message: string, now: number) {
  const { token, aesKey, mode } = callback;
  if (mode === 'plain' || aesKey === undefined) {
    return { query: pushQuery({ appId, token }, now).query.toString(), body: message };
  }
  const sealed = encrypted({ appId, token, aesKey }, message, now);
  if (mode === 'aes') return sealed;
  const part = /<Encrypt>.*<\/Encrypt>/s.exec(sealed.body)?.[0] ?? '';
  return { query: sealed.query, body: message.replace(/<\/xml>$/, `${part}</xml>`) };
}

function post(
  callback: Callback,
  { appId, now }: WechatState,
  message: string,
): Promise<{ status: number; text: string } | null> {
  const { query, body } = inMode(callback, appId, message, now);
  const url = new URL(callback.url);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
  return new Promise((resolve) => {
    const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', headers, timeout: WAIT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: text.trim() }));
      response.on('error', () => resolve(null));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(null));
    asked.end(body);
  });
}
