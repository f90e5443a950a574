import type { Replacement } from './types.ts';

/** Accounts of institutions are outlets; what they are called says so. */
const INSTITUTION =
  /检察|公安|法院|政府|司法|政法|纪委|监委|发布|日报|晚报|早报|晨报|时报|周刊|新闻|新华|电视|广播|央视|卫视|网警|共青团|团委|消防|平安|交警|交通|警方|警务|中国|人民|委员会|管理局|气象|地震|应急|民政|教育|医院|大学|学院|协会|基金会|市场监管|税务|海关|融媒|传媒|热线|12309|12345|官微|官方/u;

const HANDLE = /(?<![A-Za-z0-9_.])@ ?([\p{Script=Han}A-Za-z0-9_\-·]{2,30})/gu;
/** Profiles: after such a part of an address stands who somebody is. */
const PROFILE =
  /(?:weibo\.(?:com|cn)\/(?:u|n|profile)\/|weibo\.(?:com|cn)\/(?=\d{8,}(?![A-Za-z0-9/]))|space\.bilibili\.com\/|douyin\.com\/user\/|zhihu\.com\/people\/|xiaohongshu\.com\/user\/profile\/|kuaishou\.com\/profile\/|tieba\.baidu\.com\/home\/main\?[a-z]{2}=|toutiao\.com\/c\/user\/)[^\s,。"'<>)、;]{1,200}/gu;

/** Handles and links to profiles in plain text; those of institutions stay. */
export function handlesIn(text: string): Replacement[] {
  const found: Replacement[] = [];
  if (text.includes('@'))
    for (const match of text.matchAll(HANDLE)) {
      if (INSTITUTION.test(match[1]!)) continue;
      found.push({ start: match.index, end: match.index + match[0].length, type: 'account' });
    }
  if (text.includes('.com/') || text.includes('.cn/'))
    for (const match of text.matchAll(PROFILE))
      found.push({ start: match.index, end: match.index + match[0].length, type: 'account' });
  return found;
}
