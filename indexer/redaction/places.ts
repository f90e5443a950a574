import type { Replacement } from './types.ts';

/**
 * Where somebody lives, learns or was born, in plain text. Words before it tell that it is somebody's: the address of an
 * institution stays. What is kept is the county (address), the kind (school) and the year (birth).
 */
const LIVES =
  /(?:现?居住(?:在|于|地址?)|现居|家住|现住(?:在|于|址)?|租住(?:在|于)?|暂住(?:在|于)?|住在|住于|住址|住所地?|居于|户籍(?:所在)?地?(?:在|于)?|户口(?:所在)?地?(?:在|于)?|家庭(?:住址|地址)|收货地址|联系地址|通信地址|通讯地址|家在|老家在?|籍贯|(?<=[,。;、(]|^)住)(?:是|为|位于)?[: "“]{0,3}/gmu;
/** What addresses are written with; 的, 被 and the like end one. */
const RUN = /(?:(?![的被遭与和时因了着])[\p{Script=Han}A-Za-z0-9\-#()·]){2,80}/uy;
/** 省, 市, 区 or 县 in front, each of a few characters; 小区, 社区, 校区 … are none. */
const COUNTY =
  /^(?:中国)?(?:[\p{Script=Han}]{1,7}?(?:省|自治区|特别行政区))?(?:[\p{Script=Han}]{1,8}?(?:自治州|地区|盟|市|州(?=[\p{Script=Han}]{1,6}?[市县区])))?(?:[\p{Script=Han}]{1,7}?(?:自治县|(?<![小社校园景片街库矿工])区|县|自治旗|旗|市(?!场)))?/u;
const DETAIL =
  /路|街|巷|弄|胡同|道|号|栋|幢|楼|室|单元|村|组|镇|乡|屯|庄|社区|小区|苑|园|公寓|大厦|花园|里|坊|湾|寨|\d/u;
/** Where the detail ends: behind the last of these or a number. */
const DETAIL_END =
  /^[\p{Script=Han}A-Za-z0-9\-#()·]*(?:大街|大道|路|街道?|巷|弄|胡同|道|号楼?|栋|幢|楼|室|单元|户|村|组|镇|乡|屯|庄|社区|小区|苑|园|公寓|大厦|花园|里|坊|湾|寨|\d)/u;
/** A flat is somebody's wherever it stands. */
const FLAT =
  /[\p{Script=Han}A-Za-z0-9]{0,20}?\d{1,4}(?:栋|幢|号楼|座|弄\d{1,4}号)[\d一二三四五六七八九十A-Za-z]{0,4}(?:单元)?-?\d{3,4}(?:室|号|户)?/gu;

const SCHOOL =
  '(?:中心|实验|民办|国际|外国语|职业|技工|技术|师范|高级|初级|完全|附属|第[一二三四五六七八九十\\d]{1,3}){0,4}(?:小学|中学|初中|高中|中专|职高|技校|幼儿园|学校|大学|学院|附小|附中|[一二三四五六七八九十\\d]{1,2}[中小])';
const CLASS =
  '(?:(?:小学|初中|高中|中班|大班|小班|[初高大][一二三四]|[一二三四五六七八九1-9]年级|20\\d\\d级)[(]?[\\d一二三四五六七八九十]{0,3}[)]?班?|[\\d一二三四五六七八九十]{1,3}班)';
const NAME_OF_SCHOOL = `[\\p{Script=Han}]{0,14}?${SCHOOL}(?:${CLASS})?`;
const SCHOOLED: readonly RegExp[] = [
  new RegExp(`(?<=(?:就读|在读|就学|上学|读书|入读|转学|毕业)(?:于|到|在|至)?)${NAME_OF_SCHOOL}`, 'gu'),
  new RegExp(
    `(?<=[在系是](?:读)?)${NAME_OF_SCHOOL}(?=(?:读书|上学|就读|上课|念书|读[初高一二三四五六]|的?学生|在校生))`,
    'gu',
  ),
  new RegExp(
    `(?<=^|[,。;:、( 是系在叫名])[\\p{Script=Han}]{0,14}?${SCHOOL}${CLASS}(?=的?(?:学生|[\\p{Script=Han}]))`,
    'gmu',
  ),
];
const GRADE = '(?:[初高][一二三]|[一二三四五六1-9]年级)[(]?[\\d一二三四五六七八九十]{1,3}[)]?班';
const CLASS_ALONE = new RegExp(`(?<=[读在系是上])${GRADE}|${GRADE}(?=的?(?:学生|[\\p{Script=Han}]某))`, 'gu');

const YEAR = '(?:19|20)\\d\\d';
const MONTH_DAY = '(?:年 ?\\d{1,2}月(?: ?\\d{1,2}[日号])?|[-./]\\d{1,2}[-./]\\d{1,2}日?)';
const BORN: readonly RegExp[] = [
  new RegExp(`${YEAR}${MONTH_DAY}(?=[ (]?(?:出?生(?![效产活命态意])|生人))`, 'gu'),
  new RegExp(`(?<=(?:出生|生于|生日|生辰|出生日期|出生年月日?)[于是为在: ]{0,3})${YEAR}${MONTH_DAY}`, 'gu'),
];

const BARE = /^(?:小学|中学|学校|大学|初中|高中|幼儿园|中专|学院|职高|技校|)$/u;

/** Addresses below the county, schools with their classes, and dates of birth. */
export function placesIn(text: string): Replacement[] {
  const found: Replacement[] = [];
  if (/[住居址]|户籍|户口|老家|籍贯|家在/u.test(text)) found.push(...homes(text));
  if (/\d(?:栋|幢|号楼|座|弄)/u.test(text)) found.push(...flats(text, found));
  if (/学|校|[初高][一二三]|年级|\d班|[中小]学|幼儿园/u.test(text)) found.push(...schools(text));
  if (/生/u.test(text) && /\d{4}/u.test(text))
    for (const pattern of BORN)
      for (const { start, end } of matches(pattern, text, 'birth-date'))
        found.push({ start, end, type: 'birth-date', mask: `${text.slice(start, start + 4)}年` });
  return found;
}

function homes(text: string): Replacement[] {
  const found: Replacement[] = [];
  for (const match of text.matchAll(LIVES)) {
    const from = match.index + match[0].length;
    RUN.lastIndex = from;
    const run = RUN.exec(text)?.[0];
    if (run === undefined || /^院/u.test(run)) continue;
    const county = COUNTY.exec(run)?.[0].length ?? 0;
    const detail = run.slice(county);
    if (!DETAIL.test(detail)) continue;
    const length = DETAIL_END.exec(detail)?.[0].length ?? 0;
    if (length < 2) continue;
    found.push({ start: from + county, end: from + county + length, type: 'address' });
  }
  return found;
}

/** Flats outside of addresses that were found already; the county stays here too. */
function* flats(text: string, homes: readonly Replacement[]): Generator<Replacement> {
  let next = 0;
  for (const { start, end, type } of matches(FLAT, text, 'address')) {
    while (next < homes.length && homes[next]!.end <= start) next += 1;
    if (next < homes.length && homes[next]!.start < end) continue;
    yield { start: start + (COUNTY.exec(text.slice(start, end))?.[0].length ?? 0), end, type };
  }
}

function schools(text: string): Replacement[] {
  const found: Replacement[] = [];
  for (const pattern of SCHOOLED)
    for (const { start, end } of matches(pattern, text, 'school')) {
      const county = COUNTY.exec(text.slice(start, end))?.[0].length ?? 0;
      if (!BARE.test(text.slice(start + county, end)))
        found.push({ start: start + county, end, type: 'school' });
    }
  for (const place of matches(CLASS_ALONE, text, 'school')) found.push({ ...place, mask: '[班级]' });
  return found;
}

function* matches(pattern: RegExp, text: string, type: Replacement['type']): Generator<Replacement> {
  for (const match of text.matchAll(pattern))
    if (match[0] !== '') yield { start: match.index, end: match.index + match[0].length, type };
}
