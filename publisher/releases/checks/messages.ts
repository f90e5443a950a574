import { shanghaiDay } from '../../../config/shanghai.ts';
import type { LimitKey } from '../limits.ts';
import type { Role } from './people-roles.ts';
import type { CheckKey, SecrecyItem } from './types.ts';

const kinds: Readonly<Record<string, string>> = {
  'id-card': '身份证号',
  'bank-card': '银行卡号',
  mobile: '手机号',
  landline: '电话号码',
  passport: '护照号',
  permit: '证件号',
  plate: '车牌号',
  wechat: '微信号',
  qq: 'QQ 号',
  account: '个人账号',
  email: '邮箱',
  address: '详细地址',
  school: '就读学校或者班级',
  'birth-date': '出生日期',
};

/** What the checks say: what each looks for, what is wrong, and what to do. */
export const messages = {
  names: {
    'personal-data': '个人信息和姓名',
    minors: '未成年人',
    secrecy: '保密审查',
    'secrecy-marks': '密级和内部标志',
    'pending-case': '未结案件',
    'type-rules': '类型要求',
    offices: '机关和职务名称',
    laws: '法律引用',
    'wrong-words': '错别字',
    'sensitive-words': '慎用词',
    advertising: '广告用语',
    'ai-label': '人工智能标识',
    media: '图片和音视频',
    links: '链接',
    duplicate: '重复发布',
    limits: '渠道要求',
  } satisfies Record<CheckKey, string>,
  /** What each check looks for, and after which rule. */
  why: {
    'personal-data':
      '证件号、手机号、银行账号、住址等一律不得公开；被害人、证人、未成年人、被不起诉人应当隐名（人民检察院案件信息公开工作规定、个人信息保护法）。对外公布的办公电话、热线和履行公职的人员不受影响。',
    minors:
      '不得披露未成年人的姓名、影像、住所、学校以及其他可能识别其身份的信息（未成年人保护法第一百零三条）。',
    secrecy: '发布前逐项进行保密审查，由本人签名确认，只对当前版本有效（保守国家秘密法实施条例第四十二条）。',
    'secrecy-marks': '带有密级、“内部”等字样的内容不得公开。',
    'pending-case':
      '案件办理过程中不公开案件事实和证据；未经法院判决，不得称任何人有罪（刑事诉讼法第十二条）。',
    'type-rules': '每种稿件应当具备的内容和案件阶段。',
    offices: '机关名称、职务名称写法和排列次序，本院名称写法。',
    laws: '法律名称是否正确、是否现行有效，引用的条文是否存在。',
    'wrong-words': '常见错别字和误用词。',
    'sensitive-words': '带有歧视、有罪推定、过于血腥或者称谓不当的词语。',
    advertising: '广告法第九条禁用的绝对化用语、商业推销，以及要求群众点赞、转发的内容。',
    'ai-label': '由人工智能生成或者合成的内容应当标识（人工智能生成合成内容标识办法）。',
    media: '图片有替代文字，视频有字幕，音频有文字稿（无障碍环境建设法）。',
    links: '逐一访问文中的链接，看是否打得开、是否指向内部网络。',
    duplicate: '与本院 90 天内发布或者待发布的稿件比较。',
    limits: '各渠道的字数限制和必填内容，按平台的办法计算。',
  } satisfies Record<CheckKey, string>,
  notRun: '这项检查没有完成，结果未知。请重新检查；仍不成功请联系管理员。',

  personal: (type: string, contact: boolean) => {
    const kind = kinds[type] ?? '个人信息';
    return contact
      ? `疑似${kind}。如是本院对外公布的联系方式，请写明理由；个人的请删去。`
      : `疑似${kind}。请删去，或者隐去能识别个人的部分。`;
  },
  named: (role: Role, mask: string, ofCase: boolean) => {
    switch (role) {
      case 'minor':
        return `未成年人的姓名不得公开。请改为“${mask}”，并删去其他能识别其身份的内容。`;
      case 'protected':
        return `被害人、证人、被不起诉人等的姓名应当隐去。请改为“${mask}”。`;
      case 'near':
        return `可能是未成年人、当事人亲属等的姓名。请改为“${mask}”；可以公开的，请写明理由。`;
      case 'accused':
        return `涉案人员的姓名一般应当隐去。建议改为“${mask}”；依法可以公开的，请写明理由。`;
      case 'none':
        return ofCase
          ? `疑似个人姓名。案件稿件中请改为“${mask}”；属于公开履职人员的，请写明理由。`
          : '疑似个人姓名。请确认是公开履职人员，或者本人同意公开；否则隐去（如“张某某”）。';
    }
  },
  minor:
    '涉及未成年人的具体案件不得发布。确需以案释法的，请将类型改为“以案释法”，并隐去一切能识别其身份的内容。',
  minorPerhaps:
    '全文合起来看，可能涉及未成年人的具体案件。请核对：涉及的不得发布；只是一般提及的，请写明理由。',
  minorMasked: '以未成年人案件释法。请确认姓名、年龄、学校、地点、经过合在一起也不能识别其身份，并写明理由。',

  noSecrecy: '当前版本还没有进行保密审查。请在本页下方逐项确认。',
  secrecyMissing: (items: readonly string[]) => `保密审查还差：${items.join('、')}。`,
  secrecyItems: {
    'state-secrets': '不含国家秘密',
    'work-secrets': '不含工作秘密、检察工作秘密',
    'internal-papers': '不引用内部文件、会议纪要、请示批示',
    'case-secrets': '不泄露侦查措施、合议和检委会讨论情况等案件秘密',
    'business-secrets': '不含商业秘密',
    privacy: '不含个人隐私和未成年人信息',
    pictures: '图片、视频、附件中没有涉密文件、电脑屏幕、门牌等',
  } satisfies Record<SecrecyItem, string>,
  secrecyMark: (word: string) => `“${word}”像是内部材料上的标志。请确认来源可以公开，并删去。`,

  caseEvidence: (word: string) => `案件尚未办结，不得公开证据内容（“${word}”）。请删去这一部分。`,
  caseFact: (word: string) =>
    `案件尚未办结，“${word}”可能涉及案件事实。请只写办案程序；确需保留的，请写明理由。`,
  convicted: (word: string) => `法院判决前不得称为“${word}”。请改为“犯罪嫌疑人”“被告人”“涉嫌……罪”等表述。`,
  looksPending:
    '看起来是正在办理的案件，但案件阶段没有标明。请在编辑页选择案件阶段；与具体案件无关的，请写明理由。',

  noTitle: '还没有标题。',
  noText: '还没有正文。',
  documentNotConcluded: '法律文书只在案件办结、文书生效后公开。请核对案件阶段。',
  noStage: '案件信息应当标明办理阶段。请在编辑页选择。',
  caseNotConcluded: '典型案例和以案释法只用已办结的案件。',
  noDeadline: '意见征集没有写明截止时间。',
  noWay: '意见征集没有写明反馈方式。',
  noTime: '没有写明时间。',
  labels: {
    title: '标题',
    text: '正文',
    stage: '案件阶段',
    deadline: '截止时间',
    way: '反馈方式',
    time: '时间',
    channels: '发布渠道',
    cover: '封面',
  },

  wrongWord: (word: string, better: string) => `“${word}”应为“${better}”。`,
  sensitiveWord: (word: string, better: string) =>
    /^（/u.test(better) ? `慎用“${word}”${better}。` : `慎用“${word}”，建议改为“${better}”。`,
  advertisingWord: (word: string) =>
    `“${word}”是广告或者推销用语，政务账号不宜使用。请删去；属于引用案情的，请写明理由。`,
  officeWord: (word: string, better: string) => `“${word}”应为“${better}”。`,
  misspeltOffice: (word: string, own: string) => `“${word}”与本院名称“${own}”只差一字，请核对。`,
  shortFirst: (word: string, full: string) => `正式稿件中首次出现应写全称“${full}”，再用“${word}”。`,

  superseded: (name: string, by: string, since: string | null) =>
    since === null
      ? `《${name}》已并入《${by}》（施行日期未核对）。请核对引用的是否为现行法律；叙述以前的规定可以写“原《${name}》”。`
      : `《${name}》已由《${by}》取代（${since} 起）。请改引现行法律；叙述以前的规定可以写“原《${name}》”。`,
  noSuchArticle: (name: string, articles: number, quoted: string, unsure: boolean) =>
    `${unsure ? '据记录（未核对官方文本），' : ''}现行《${name}》共 ${articles} 条，没有${quoted}。请核对。`,
  misspeltLaw: (name: string, near: string) => `没有收录《${name}》，是否应为《${near}》？请核对法律名称。`,

  notLabelled:
    '正文说明使用了人工智能生成，但没有勾选“使用了人工智能辅助”。请在编辑页勾选，发布时会自动加注标识。',

  nth: (type: 'image' | 'video' | 'audio', place: number, name: string | undefined) =>
    `第 ${place} 个${{ image: '图片', video: '视频', audio: '音频' }[type]}${name === undefined ? '' : `（${name}）`}`,
  mediaNumber: (id: number) => `素材 ${id}`,
  mediaGone: (id: number) => `素材 ${id} 已经不在本院的素材库中，请重新插入。`,
  noAlt: (known: string | undefined) =>
    known
      ? `图片没有替代文字。素材库中已有“${known}”，请核对后填入。`
      : '图片没有替代文字。请写一句话说明图中内容，供看不到图片的人使用。',
  noCaptions: '视频没有字幕。请上传字幕文件（WebVTT）。',
  noTranscript: '音频没有文字稿。请写出音频中所说的内容。',

  linkBroken: (status: number) => `链接打不开（对方返回 ${status}）。请更换或者删去。`,
  linkRefused: (status: number) =>
    `对方拒绝了程序访问（返回 ${status}），能否打开未知。请人工打开确认，并写明理由。`,
  linkPrivate: '链接指向内部网络，公众打不开，还会暴露内部地址。请删去。',
  linkUnknown: '没有等到对方答复，能否打开未知。请人工打开确认，并写明理由。',

  duplicate: (percent: number, at: Date) =>
    `与本院 ${shanghaiDay(at)} 的这篇稿件有 ${percent}% 相同。如是更正或者系列稿件，请写明理由。`,

  limitNames: {
    'website-title': '网站标题',
    'website-text': '网站正文',
    'weibo-text': '微博正文',
    'weibo-topic': '微博话题',
    'wechat-title': '微信标题',
    'wechat-author': '微信作者',
    'wechat-digest': '微信摘要',
    'wechat-text': '微信正文',
    'wechat-bytes': '微信正文',
  } satisfies Record<LimitKey, string>,
  limits: {
    'website-title': (used, most) => `标题 ${used} 字，最多 ${most} 字。`,
    'website-text': (used, most) => `正文 ${used} 字，最多 ${most} 字。`,
    'weibo-text': (used, most) =>
      `连同链接折合 ${used} 字，微博最多 ${most} 字。请在微博一栏另写短一些的内容。`,
    'weibo-topic': () => '微博接口不接受 #话题#。请删去话题。',
    'wechat-title': (used, most) => `标题 ${used} 字，微信最多 ${most} 字。请在微信一栏另写标题。`,
    'wechat-author': (used, most) => `作者 ${used} 字，微信最多 ${most} 字。`,
    'wechat-digest': (used, most) => `摘要 ${used} 字，微信最多 ${most} 字。`,
    'wechat-text': (used, most) => `正文连同排版 ${used} 个字符，微信最多 ${most} 个。请缩短。`,
    'wechat-bytes': (used, most) => `正文连同排版 ${used} 字节，微信最多 ${most} 字节。请缩短。`,
  } satisfies Record<LimitKey, (used: number, most: number) => string>,
  limitWarn: (used: number, above: number) =>
    `${used} 字。超过 ${above} 字时部分公众号会被拒绝，列表中也显示不全。建议缩短，或者写明理由。`,
  noChannel: '没有选择任何发布渠道。',
  weiboAlone: '微博需要附上网站文章的链接。请同时选择网站。',
  noCover: '微信文章需要封面图片。',
};
