import { shanghaiDay } from '../../../config/shanghai.ts';
import type { Answered, Area, Asked } from '../platform.ts';
import type { Teller } from './events.ts';
import { jsonOf, OK, type NewsItem, type WechatSending, type WechatState } from './state.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Messages that an account may send to everybody: a subscription account in a day, a service account in a month. */
const MOST = { subscription: 1, service: 4 };
const SENDING_MS = 3_000;
const TYPES = ['mpnews', 'text', 'voice', 'image', 'mpvideo', 'wxcard'];

/** 群发: messages to all followers, or to some. */
export function mass(state: WechatState, tell: Teller): Area {
  let speed = 0;

  function finish(sending: WechatSending): void {
    if (sending.status !== 'SENDING') return;
    const isSent = sending.outcome === 'send success';
    sending.status = isSent ? 'SEND_SUCCESS' : 'SEND_FAIL';
    if (isSent) {
      sending.items.forEach((item, index) => {
        const more = { place: index + 1, sent: true, commentable: item.need_open_comment === 1, item };
        state.publish(sending.message ?? 0, item.title, more);
      });
    }
    tell.event('MASSSENDJOBFINISH', eventDetails(sending));
  }

  function eventDetails({ id, message, outcome, items }: WechatSending): string {
    const isSent = outcome === 'send success';
    const urls = items.map((_, index) => {
      const url = state.addressOf({ message: message ?? 0, place: index + 1 });
      return `<item><ArticleIdx>${index + 1}</ArticleIdx><ArticleUrl><![CDATA[${url}]]></ArticleUrl></item>`;
    });
    const counts = `<TotalCount>100</TotalCount><FilterCount>100</FilterCount><SentCount>${isSent ? 100 : 0}</SentCount><ErrorCount>0</ErrorCount>`;
    return `<MsgID>${id}</MsgID><Status><![CDATA[${outcome}]]></Status>${counts}
<CopyrightCheckResult><Count>0</Count><ResultList></ResultList><CheckState>1</CheckState></CopyrightCheckResult>
<ArticleUrlResult><Count>${isSent ? urls.length : 0}</Count><ResultList>${isSent ? urls.join('') : ''}</ResultList></ArticleUrlResult>
`;
  }

  /** The platform's own key against sending twice. @returns what answers the call; null: it is new */
  function repeated(clientId: string): Answered | null {
    const known = state.sendings.findLast((one) => one.clientId === clientId && state.now - one.at < DAY_MS);
    if (!known) return null;
    if (state.now - known.at < MINUTE_MS) {
      return state.refuse(45066, 'same clientmsgid retry too fast, please retry 1 minute later');
    }
    const { body } = state.refuse(45065, 'clientmsgid exist') as { body: Record<string, unknown> };
    return { body: { ...body, msg_id: known.id } };
  }

  function hasQuota(): boolean {
    const sent = state.sendings.filter(({ status }) => status !== 'SEND_FAIL').map(({ at }) => dayOf(at));
    const today = dayOf(state.now);
    const length = state.kind === 'subscription' ? 10 : 7;
    return sent.filter((day) => day.slice(0, length) === today.slice(0, length)).length < MOST[state.kind];
  }

  function send(asked: Asked): Answered {
    const sent = jsonOf(asked);
    if (!sent) return state.refuse(47001, 'data format error');
    const type = String(sent['msgtype']);
    if (!TYPES.includes(type)) return state.refuse(40008, 'invalid message type', true);
    const clientId = sent['clientmsgid'];
    if (clientId !== undefined && (typeof clientId !== 'string' || clientId.length > state.longestClientId)) {
      return state.refuse(45067, 'clientmsgid size out of limit', true);
    }
    const again = typeof clientId === 'string' ? repeated(clientId) : null;
    if (again) return again;
    if (!hasQuota()) return state.refuse(45028, 'has no masssend quota', true);
    const given = sent[type] as { media_id?: unknown; content?: unknown } | undefined;
    let items: NewsItem[] = [];
    if (type === 'mpnews') {
      const draft = state.drafts.get(String(given?.media_id));
      if (!draft) return state.refuse(40007, 'invalid media_id', true);
      items = structuredClone(draft.items);
      state.drafts.delete(draft.mediaId);
    }
    const sending: WechatSending = {
      id: state.number(),
      message: type === 'mpnews' ? state.number() : null,
      clientId: typeof clientId === 'string' ? clientId : null,
      items,
      text: type === 'text' ? String(given?.content ?? '') : null,
      at: state.now,
      endsAt: state.now + SENDING_MS,
      outcome: state.sendingOutcomes.shift() ?? 'send success',
      status: 'SENDING',
    };
    state.sendings.push(sending);
    state.clock.at(sending.endsAt, () => finish(sending));
    const ids = { msg_id: sending.id, ...(sending.message !== null && { msg_data_id: sending.message }) };
    return { body: { errcode: 0, errmsg: 'send job submission success', ...ids } };
  }

  const sendingOf = (asked: Asked) => {
    const id = String(jsonOf(asked)?.['msg_id']);
    return state.sendings.find((one) => String(one.id) === id);
  };
  for (const sending of state.sendings) {
    if (sending.status === 'SENDING') state.clock.at(sending.endsAt, () => finish(sending));
  }

  return {
    'POST /cgi-bin/message/mass/sendall': (asked) => {
      const { is_to_all, tag_id } = (jsonOf(asked)?.['filter'] ?? {}) as Record<string, unknown>;
      if (is_to_all !== true && tag_id === undefined) return state.refuse(40152, 'invalid tag_id', true);
      return send(asked);
    },
    'POST /cgi-bin/message/mass/send': (asked) => {
      if (state.kind !== 'service') return state.refuse(48001, 'api unauthorized');
      const to = jsonOf(asked)?.['touser'];
      const isRight = Array.isArray(to) && to.length >= 2 && to.length <= 10_000;
      if (!isRight) return state.refuse(40130, 'invalid openid list size, at least two openid', true);
      return send(asked);
    },
    'POST /cgi-bin/message/mass/preview': (asked) => {
      const sent = jsonOf(asked) ?? {};
      if (!sent['touser'] && !sent['towxname']) return state.refuse(40003, 'invalid openid', true);
      return { body: { errcode: 0, errmsg: 'preview success', msg_id: state.number() } };
    },
    'POST /cgi-bin/message/mass/delete': (asked) => {
      const sending = sendingOf(asked);
      if (!sending) return state.refuse(40059, 'invalid msg id', true);
      const place = Number(jsonOf(asked)?.['article_idx'] ?? 0);
      for (const article of state.articles) {
        const isMeant = article.message === sending.message && (place === 0 || article.place === place);
        if (isMeant) article.deleted = true;
      }
      if (place === 0) sending.status = 'DELETE';
      return OK;
    },
    'POST /cgi-bin/message/mass/get': (asked) => {
      const sending = sendingOf(asked);
      if (!sending) return state.refuse(40059, 'invalid msg id', true);
      return { body: { msg_id: sending.id, msg_status: sending.status } };
    },
    'POST /cgi-bin/message/mass/speed/get': () => ({
      body: { speed, realspeed: [80, 60, 45, 30, 10][speed] },
    }),
    'POST /cgi-bin/message/mass/speed/set': (asked) => {
      const wanted = Number(jsonOf(asked)?.['speed']);
      if (!Number.isInteger(wanted) || wanted < 0 || wanted > 4) return state.refuse(45083, 'invalid speed');
      speed = wanted;
      return OK;
    },
  };
}

const dayOf = (at: number) => shanghaiDay(new Date(at));
