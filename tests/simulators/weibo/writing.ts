import { randomBytes } from 'node:crypto';
import { imageKind } from '../multipart.ts';
import type { Answered, Area, Asked } from '../platform.ts';
import type { Shelf } from '../shelf.ts';
import { commentBody, statusBody } from './bodies.ts';
import { fileOf, paramsOf } from './params.ts';
import type { WeiboComment, WeiboState } from './state.ts';
import { essence, hasTopic, linksOf, LONGEST, shortened, unitsOf } from './text.ts';

const HOUR_MS = 3_600_000;
const LARGEST_PICTURE = 5 * 1024 * 1024;
/** Cids of one `destroy_batch`. */
const MOST_DESTROYED = 20;

/** What is written: statuses by `statuses/share`, which is all that an ordinary app has, and comments. */
export function writing(state: WeiboState, shelf: Shelf, whose: (asked: Asked) => string): Area {
  function wrongText(asked: Asked, text: string): Answered | null {
    if (text.trim() === '') return state.refuse(asked, 20008, 'content is null!');
    if (unitsOf(text) > LONGEST) {
      return state.refuse(asked, 20012, 'text too long, please input text less than 140 characters!');
    }
    if (hasTopic(text)) return state.refuse(asked, 20021, 'content is illegal!');
    if (state.app.domains.length === 0) return state.refuse(asked, 10017, 'appkey not bind domain!');
    return linksOf(text).some(isBound) ? null : state.refuse(asked, 10017, 'text not find domain!');
  }

  function isBound(link: string): boolean {
    const host = URL.parse(link)?.host.toLowerCase() ?? '';
    const name = host.replace(/:\d+$/, '');
    return state.app.domains.some((domain) =>
      [host, name].some((one) => one === domain || one.endsWith(`.${domain}`)),
    );
  }

  /** Only what came last is compared: the same text is taken again after another one. */
  function wrongRepeat(asked: Asked, uid: string, text: string): Answered | null {
    const last = state.statuses.find(({ user, said }) => user.id === uid && said !== undefined);
    if (last?.said === undefined) return null;
    if (last.said === text) return state.refuse(asked, 20019, 'repeat content!');
    return essence(last.said) === essence(text) ? state.refuse(asked, 20017, 'similar content!') : null;
  }

  function wrongPicture(asked: Asked, picture: Buffer | null): Answered | null {
    const isForm = (asked.headers['content-type'] ?? '').startsWith('multipart/');
    if (!picture) return isForm ? state.refuse(asked, 20007, 'does multipart has image?') : null;
    if (picture.length >= LARGEST_PICTURE) return state.refuse(asked, 20006, 'image size too large.');
    const kind = imageKind(picture);
    return kind === 'jpg' || kind === 'gif' || kind === 'png'
      ? null
      : state.refuse(asked, 20005, 'unsupported image type, only suport JPG, GIF, PNG!');
  }

  const short = (link: string): string => {
    if (!state.linksShortened) return link;
    const made = state.links.get(link) ?? `http://t.cn/A6${randomBytes(4).toString('hex').slice(0, 6)}`;
    state.links.set(link, made);
    return made;
  };

  function wrongComment(asked: Asked, text: string): Answered | null {
    if (text.trim() === '') return state.refuse(asked, 20008, 'content is null!');
    return unitsOf(text) > LONGEST ? state.refuse(asked, 20012, 'text too long!') : null;
  }

  function addComment(asked: Asked, answers: WeiboComment | null): Answered {
    const params = paramsOf(asked);
    const text = params.get('comment') ?? '';
    const no = wrongComment(asked, text);
    if (no) return no;
    const status = state.statusOf(params.get('id'));
    if (!status || status.deleted) return state.refuse(asked, 20101, 'target weibo does not exist!');
    const comment = state.comment(status, state.userOf(whose(asked)), text);
    if (answers) comment.answers = answers;
    return { body: commentBody(state, comment) };
  }

  function destroy(asked: Asked, cids: string[]): Answered {
    const uid = whose(asked);
    const found = state.comments.filter(({ id }) => cids.includes(String(id)));
    if (found.length < cids.length) return state.refuse(asked, 20201, 'target weibo comment does not exist!');
    if (found.some(({ user, status }) => user.id !== uid && status.user.id !== uid)) {
      return state.refuse(asked, 20206, 'not your own comment!');
    }
    for (const comment of found) state.comments.splice(state.comments.indexOf(comment), 1);
    const bodies = found.map((comment) => commentBody(state, comment));
    return { body: cids.length === 1 ? bodies[0] : bodies };
  }

  return {
    'POST /2/statuses/share.json': (asked) => {
      const params = paramsOf(asked);
      const uid = whose(asked);
      const text = params.get('status') ?? '';
      if (state.ripNeeded && !params.get('rip')) {
        return state.refuse(asked, 10016, 'miss required parameter (rip), see doc for more info.');
      }
      const picture = fileOf(asked, 'pic');
      const no = wrongText(asked, text) ?? wrongPicture(asked, picture) ?? wrongRepeat(asked, uid, text);
      if (no) return no;
      const own = state.statuses.filter(({ user, said }) => user.id === uid && said !== undefined);
      if (own.filter(({ at }) => at > state.now - HOUR_MS).length >= state.postsAnHour) {
        return state.refuse(asked, 20016, 'out of limit', 403);
      }
      const id = picture ? randomBytes(12).toString('hex') : null;
      if (picture && id) shelf.keep(id, picture);
      const isDelayed = state.syncDelays > 0;
      const status = state.post(state.userOf(uid), shortened(text, short), {
        said: text,
        attitudes: 0,
        ...(id !== null && { picture: id }),
        ...(state.reviewMs > 0 && { pendingUntil: state.now + state.reviewMs }),
        ...(isDelayed && { seenFrom: state.now + state.syncDelayMs }),
      });
      if (!isDelayed) return { body: statusBody(state, status) };
      state.syncDelays -= 1;
      return state.refuse(asked, 20032, 'Update success, while server slow now, please wait 1-2 minutes.');
    },
    'POST /2/comments/create.json': (asked) => addComment(asked, null),
    'POST /2/comments/reply.json': (asked) => {
      const cid = paramsOf(asked).get('cid');
      const answered = state.comments.find(({ id }) => String(id) === cid);
      if (!answered) return state.refuse(asked, 20201, 'target weibo comment does not exist!');
      return addComment(asked, answered);
    },
    'POST /2/comments/destroy.json': (asked) => destroy(asked, [paramsOf(asked).get('cid') ?? '']),
    'POST /2/comments/destroy_batch.json': (asked) => {
      const cids = (paramsOf(asked).get('cids') ?? '').split(',');
      if (cids.length > MOST_DESTROYED)
        return state.refuse(asked, 10008, 'Param Error, see doc for more info.');
      return destroy(asked, cids);
    },
  };
}
