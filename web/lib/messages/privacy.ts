import type { PersonalClass, Purpose, Retention } from '../../../config/privacy.ts';

type Days = { rawTextDays: number; contactDays: number; objectionDays: number };

/** The public privacy page. */
export const privacyMessages = {
  title: '个人信息说明',
  description: (site: string) => `${site}说明：检声保存哪些个人信息、为什么、保存多久、怎样提出不同意见。`,
  lead: (office: string) =>
    `${office}用检声了解公众对检察工作的公开评论，并发布检务信息。本页写明检声保存哪些个人信息、为什么保存、保存多久、放在哪里，以及您怎样提出不同意采集。`,
  generated: '以下由程序直接从数据库结构的标注生成，英文名是存放的数据表，点开可看到每一项。',

  not: {
    title: '不保存的',
    lead: '采集公开评论时，以下内容在读取页面时就被丢弃，从不写入数据库，也就无法查询、导出或泄露：',
    items: [
      '发帖人、评论人的姓名、昵称、头像、账号编号、个人主页链接和 IP 属地',
      '正文中的手机号、座机号、身份证号、银行卡号和电子邮箱（保存前已换成“[手机号]”一类的字样）',
      '浏览本站的记录：公开页面不使用 Cookie，不加载其他网站的内容',
    ],
    never: '检声没有针对某一个人的查询、画像、名单或排名，也没有在任何网站上删除、举报、压制他人帖文的功能。',
  },

  held: {
    title: '保存的',
    citizens: '关于公众',
    staff: '关于本单位工作人员，以及来访的网络地址',
    use: (why: string, kept: string) => `${why}；${kept}`,
    empty: '没有。',
  },

  classes: {
    'public-text': '公开帖文、评论和报道的正文与标题（已去除其中的号码和邮箱）',
    'public-address': '公开帖文、评论和报道的网址',
    'citizen-contact': '您提出不同意采集时自愿留下的联系邮箱（加密保存）',
    'citizen-text': '您提出不同意采集时填写的理由（已去除其中的号码和邮箱）',
    'citizen-mark': '网址或回执编号的标记：只用来认出“这个网址不再采集”，看不出内容',
    'network-address': '登录或提交表单的网络地址（公民提交表单的地址只存不可还原的标记）',
    'staff-name': '本单位工作人员的姓名',
    'staff-contact': '本单位工作人员的工作邮箱',
    'staff-credential': '本单位工作人员登录用的口令摘要、验证密钥和会话标识（口令不保存原文）',
    'staff-activity': '本单位工作人员的操作记录',
  } satisfies Record<PersonalClass, string>,

  purposes: {
    listening: '了解公众对检察工作的关切',
    'not-again': '认出不再采集的内容',
    objection: '办理不同意采集的申请',
    'signing-in': '确认登录的是本人',
    access: '决定谁能看什么、做什么',
    'work-record': '记录工作由谁完成',
    accountability: '事后可以查清谁做了什么',
  } satisfies Record<Purpose, string>,

  kept: (code: Retention, days: Days): string =>
    ({
      'raw-text-days': `采集后 ${days.rawTextDays} 天删除，只留按小时的统计数`,
      'contact-days': `办结后 ${days.contactDays} 天删除`,
      'objection-days': `办结后 ${days.objectionDays} 天删除`,
      'until-decided': '决定移除后即删除；不同意移除的，与办理记录同时删除',
      'one-day': '次日删除',
      'thirty-days': '三十天内删除',
      'until-expiry': '到期即删除',
      'while-employed': '账号存续期间保存',
      'while-record': '与所属记录同时保存',
      'while-refused': '一直保存，否则会再次采集',
      'audit-period': '保存不少于 180 天，不能修改或删除',
    })[code],

  /** Where a search finds nothing because nothing is left. */
  cleared: (days: number) =>
    `所选时间早于 ${days} 天前：采集满 ${days} 天的原文已到期清理，只留下按小时的数量。`,

  place: {
    title: '存放与共享',
    database: (local: boolean) =>
      local
        ? '全部数据存放在运行检声的这台机器上，由本单位管理。'
        : '全部数据存放在本单位指定的数据库服务器上，由本单位管理。',
    search: '检索库只是数据库的副本，帖文到期或被移除时同时从检索库删除，重建检索库不会恢复。',
    china:
      '国家机关处理的个人信息须在境内存储（《个人信息保护法》第三十六条）；检声不向境外提供，也不调用外部的分析服务。',
    offices: '上级检察院可以查看下级检察院的统计和公开帖文；同级检察院之间除主动共享的以外互不可见。',
  },

  clearing: {
    title: '到期清理',
    text: (days: number) =>
      `每天凌晨自动清理一次：采集满 ${days} 天的原文连同标题、网址一并删除，只留下按小时的数量，同时记住不再重复采集。`,
    last: (time: string, posts: string) => `最近一次清理：${time}，删除帖文 ${posts} 条。`,
    never: '最近一次清理：还没有进行过（首次清理在启动后的凌晨）。',
  },

  basis: {
    title: '依据',
    items: [
      '《中华人民共和国个人信息保护法》（主席令第九十一号）第十三条第一款第三项、第六项：为履行法定职责，以及在合理范围内处理已公开的个人信息；第二十七条：个人明确拒绝的除外；第十九条：保存期限为实现目的所必要的最短时间；第三十四条：不超出履行职责所必需的范围',
      '《网络数据安全管理条例》（国务院令第 790 号）第十八条、第二十四条：自动化采集应评估影响，无法避免采集到的非必要个人信息应当删除或匿名化',
      '《中华人民共和国网络安全法》：网络日志留存不少于六个月',
      '《信息安全技术 网络安全等级保护基本要求》（GB/T 22239-2019）：身份鉴别、访问控制、安全审计',
    ],
  },

  rights: {
    title: '您可以怎么做',
    object:
      '不希望自己的帖子或评论被采集：填写网址即可，不需要说明身份。个人的帖子和评论当场移除，以后也不再采集。',
    objectLink: '提出不同意采集',
    stateLink: '查询办理进度',
    ask: (office: string, contact: string) =>
      `查询、更正个人信息，或对办理结果有疑问，请联系${office}：${contact}。`,
    askOffice: (office: string) => `查询、更正个人信息，或对办理结果有疑问，请联系${office}。`,
    complain: '检举、控告、申诉不在本站受理，请通过 12309 检察服务热线或 12309 中国检察网提出。',
  },
};
