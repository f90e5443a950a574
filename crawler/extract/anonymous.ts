import { squeeze } from './dom.ts';

// Words that stand where a name does without being one; taking them for a name would tear holes into the text.
const NO_NAME =
  /^(?:发表于|發表於|发布于|回复|回覆|来自|來自|楼主|沙发|板凳|时间|日期|网友|網友|用户|匿名|游客|作者|by|at|on|says?)$/i;

// What forums show of a writer beside the name: from where, how long a member, how many posts. Neither names, of which a
// text is cleared, nor times of a post.
const PROFILE =
  /^(?:IP\s?属地|IP\s?屬地|来自|來自|地区|所在地|location|from)\s?[:：\s]|^(?:等级|等級|积分|積分|发帖|發帖|帖子|主题|主題|精华|威望|金[钱币幣]|经验|贡献|魅力|头衔|用户组|级别|注册|註冊|加入|在线|最后登录|粉丝|关注|听众|收听|posts?|topics?|threads?|messages?|joined|registered|member since|reputation|rank|level|karma)(?:[\p{Script=Han}]{0,4})\s?[:：\d]/iu;

/** Whether a line tells something of who wrote that is no name. */
export const isProfileLine = (line: string): boolean => line.length < 60 && PROFILE.test(line);

/** Adds the names in a line that tells who wrote: every word of 2 to 24 characters. */
export function addNames(names: Set<string>, line: string): void {
  if (isProfileLine(line)) return;
  for (const word of line.split(/[\s:：|·()（）]+/)) {
    const name = word.replace(/^@/, '');
    if (name.length >= 2 && name.length <= 24 && !NO_NAME.test(name) && !/^[\d\p{P}\p{S}]+$/u.test(name))
      names.add(name);
  }
}

/** A line without those names anywhere, without mentions (@…) and without the name of whom it replies to. */
export function anonymous(text: string, names: ReadonlySet<string>): string {
  let clean = text
    .replace(/^[\s:：,，]+/, '')
    .replace(/^(?:回复|回覆|reply to)\s?@?[^\s:：]{1,24}\s?[:：]\s?/i, '')
    .replace(/(?:\/\/@|(?<![\w.%+-])@)[\p{L}\p{N}_-]{1,30}\s?[:：]?/gu, '');
  for (const name of names) clean = clean.replaceAll(name, '');
  return squeeze(clean.replace(/^[\s:：,，]+/, ''));
}
