import { plain } from '../people/lexicon.ts';

/** A person who is too young, by a word. */
const CHILD =
  '(?:女孩|男孩|女童|男童|幼女|幼童|少女|少年|女婴|男婴|婴儿|小孩|孩子|孩童|儿童|小朋友|女生|男生|学生|小学生|中学生|初中生|高中生|女儿|儿子|孙子|孙女|外孙女?|未成年人?|小女孩|小男孩)';
const ONE =
  '(?:一名|一个|一位|这名|这个|该名?|某|某名|另一名|其中一名|我|我家|他|她|他家|她家|其|的|邻居家?|亲戚家?)';
/** What happens to somebody, or what somebody does, that makes a text one about a case. */
const CASE =
  /被害|受害|遇害|性侵|猥亵|强奸|奸淫|拐卖|拐骗|诱拐|绑架|杀害|杀人|杀死|殴打|打伤|打成|打死|霸凌|欺凌|围殴|虐待|体罚|扎针|伤害|失踪|走失|溺水|溺亡|坠楼|自杀|身亡|死亡|遗弃|嫌疑|被告|被捕|批捕|逮捕|刑拘|拘留|起诉|判刑|获刑|案发|报案|报警|立案|盗窃|抢劫|诈骗|被骗|涉嫌|犯罪|轻伤|重伤|砸伤|烫伤|烧伤|撞|碾|致死|致伤|受伤|事故|跳楼|轻生|抚养|监护|家暴|偷拍|裸照|怀孕|救助|附条件不起诉|不起诉|帮教|作证|被打|勒索|吸毒/u;

const AGE = '(?:(?<!\\d)(?:1[0-7]|\\d)|十[一二三四五六七]?|[一二两三四五六七八九])';
/** Rules of law speak of ages too; they name nobody. */
const AGED = new RegExp(
  `(?<![满过于近第十\\d])(?<!不满|未满|已满|以下|以上)${AGE}(?:周?岁|週歲)(?!以上|以下|以内|至|到|不满|未满)(?:半|多|左右)?(?:的|女|男|小|大|在校|留守|智障|残疾|未成年|聋哑|农村|单亲|孤儿)*(?:[\\p{Script=Han}]某{1,2}[甲乙丙丁]?|${CHILD})`,
  'gu',
);
/** "张某某,女,13岁", "李某(14岁)", "女儿今年8岁". */
const AGE_OF_ONE = new RegExp(
  `(?:某[甲乙丙丁]?|某某|嫌疑人|被告人|被害人|受害人|受害者|死者|伤者|儿子|女儿|孩子|娃|孙子|孙女|弟弟|妹妹|外孙女?|侄子|侄女|[,(、](?:男|女))[,(、 ]{0,2}(?:今年|现年|年仅|才|刚|当时|案发时|时年|年龄|只有|仅|还?不到|还?不满|未满|刚满|男|女|[,、]){0,3}${AGE}(?:周?岁|個?月大)`,
  'u',
);
const ONLY_AGE = new RegExp(
  `(?:年仅|时年|现年|案发时(?:仅|才|年仅)?|当时(?:才|仅|只有)|(?:还|才)?(?:不到|只有))${AGE}周?岁`,
  'u',
);
/** Roles in a case that the law gives to minors, of one person. */
const MINOR_ROLE = new RegExp(
  `${ONE}(?:[^,。;!?\\n]{0,6})(?:未成年|未满十[四六八]周?岁|未满1[468]周?岁|不满1[24]周?岁)(?:的|女|男|小|在校)*(?:被害|嫌疑|犯罪嫌疑|被告|受害|当事|证人|罪犯|人|女孩|男孩|少女|少年|女儿|儿子|孩子|学生|女性|男性)`,
  'u',
);
const NAMED_MINOR_ROLE =
  /未成年(?:人|的)?(?:犯罪嫌疑人|嫌疑人|被告人|被害人|受害人|受害者|当事人|证人|罪犯|女孩|男孩|学生|人)[:“"(]{0,2}(?:小[\p{Script=Han}](?![\p{Script=Han}]{0,2}(?:学|组|区))|[\p{Script=Han}]{1,2}某)/u;
const ONE_CHILD = new RegExp(
  `${ONE}(?:[^,。;!?\\n]{0,8}?)(?:女孩|男孩|女童|男童|幼女|幼童|少女|女婴|男婴|小学生|中学生|初中生|高中生|女儿|儿子|孩子|闺女|小孩|娃)`,
  'u',
);
/** Places that tell that a child is one. */
const SCHOOL_AGE =
  /小学|初中|高中|幼儿园|中学|年级|[初高][一二三]|班主任|班级|托班|小班|中班|大班|托儿所|校园|未成年/u;
const NAMED_CHILD =
  /(?:小学生|中学生|初中生|高中生|女童|男童|幼女|幼童|女孩|男孩|小女孩|小男孩|婴儿|女婴|男婴|少女)[:“"(]{0,2}(?:小[\p{Script=Han}](?=[^\p{Script=Han}]|[被在的因遭是和称说])|[\p{Script=Han}]{1,2}某|(?:化名))/u;
/** A child to whom something was done; in general it is told of cases, of what is frequent, of how to prevent it. */
const CHILD_HARMED =
  /(?<!(?:防止|预防|防范|避免|保护|杜绝|严防|警惕)[^,。;!?\n]{0,4})(?:女童|男童|幼女|幼童|男孩|女婴|男婴|小学生|初中生|未成年(?:养女|女儿|继女|女孩|女生|男孩|男生|儿子))[^,。;!?\n]{0,8}?(?:(?:被|遭)[^,。;!?\n]{0,8}?(?:性侵|猥亵|强奸|拐|杀|打|伤|砸|撞|碾|虐|害|死|欺凌|霸凌|绑架|遗弃)|身亡|死亡|溺亡|坠亡|坠楼|跳楼|失踪|走失|自杀)(?![^。;!?\n]{0,10}(?:案件|犯罪|问题|多发|频发|现象|预防|防范|时有发生|隐患|预警))/u;
const DONE_TO_CHILD =
  /(?:男子|女子|老师|教师|教练|继父|养父|生父|父亲|母亲|邻居|保姆|司机|男生|学长)[^,。;!?\n]{0,8}(?:性侵|猥亵|强奸|拐卖|杀害|殴打|虐待|打伤|砸伤|撞死|碾压)[^,。;!?\n]{0,4}(?:女童|男童|幼女|幼童|男孩|未成年(?:养女|女儿|继女|女孩|女生|男孩|男生|儿子)|(?:小学|初中)生)/u;
const BORN = /((?:19|20)\d\d)年(?: ?(\d{1,2})月)?(?:\d{1,2}[日号])?(?:出?生)/gu;
/** How far around a person a case is looked for, in UTF-16 units. */
const NEAR = 80;
const ADULT = 18;
const YEAR_MS = 365.25 * 86_400_000;

/**
 * Whether the subject of the text is one minor in a case: nothing in it may then be kept that could point at the child
 * (未成年人保护法, article 103), so the post is only counted. What is said about the protection of minors in general, in numbers
 * or in rules, is not meant: only texts in which one child stands with an age, a name or a relation, and something
 * happened.
 * @param now Unix ms; ages are counted from births up to then
 */
export function isAboutMinor(text: string, now: number): boolean {
  if (!MAY_BE.test(text)) return false;
  const told = plain(text);
  if (NAMED_MINOR_ROLE.test(told) || NAMED_CHILD.test(told)) return true;
  if (CHILD_HARMED.test(told) || DONE_TO_CHILD.test(told)) return true;
  if (!CASE.test(told)) return false;
  for (const match of told.matchAll(AGED)) if (isNearCase(told, match.index)) return true;
  for (const pattern of [AGE_OF_ONE, ONLY_AGE, MINOR_ROLE]) {
    const at = told.search(pattern);
    if (at >= 0 && isNearCase(told, at)) return true;
  }
  const child = told.search(ONE_CHILD);
  if (child >= 0 && SCHOOL_AGE.test(told) && HARM.test(around(told, child))) return true;
  return isBornLately(told, now);
}

const MAY_BE =
  /[岁歲孩童幼婴嬰娃]|少女|少年|未成年|学生|學生|女儿|女兒|儿子|兒子|闺女|孙|侄|年生|月生|日生|出生/u;
/** Done to the child itself: a parent who complains about a school's fees names no child. */
const HARM =
  /性侵|猥亵|强奸|拐卖|拐骗|绑架|杀害|殴打|打伤|打成|被打|霸凌|欺凌|围殴|虐待|体罚|扎针|失踪|走失|溺水|溺亡|坠楼|自杀|身亡|死亡|遗弃|偷拍|裸照|怀孕|勒索|轻伤|重伤|被捕|被抓|刑拘/u;

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - NEAR), at + NEAR);
}

function isNearCase(text: string, at: number): boolean {
  return CASE.test(around(text, at));
}

function isBornLately(text: string, now: number): boolean {
  for (const match of text.matchAll(BORN)) {
    const born = Date.UTC(Number(match[1]), match[2] === undefined ? 0 : Number(match[2]) - 1);
    if ((now - born) / YEAR_MS < ADULT && born <= now && isNearCase(text, match.index)) return true;
  }
  return false;
}
