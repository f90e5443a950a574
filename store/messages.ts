import { reviewStageNames } from '../config/messages.ts';
import type { ReviewStage } from '../config/review-rules.ts';

/** Everything the store says to a person. */
export const messages = {
  /** What the website of an office is called among its accounts. */
  website: '网站',
  newerSchema: (names: string[]) =>
    `数据库由更新版本的检声建立（多出 ${names.join('、')}）。请升级程序，或改用原来的版本。`,
  changedMigration: (name: string) =>
    `数据库中的迁移 ${name} 与程序中的内容不一致。请恢复原来的程序文件，不要修改已执行的迁移。`,
  databaseRoles: (why: string) =>
    `数据库账号不能建立检声所需的两个数据库角色：${why}。请由数据库管理员执行 ALTER ROLE <账号> CREATEROLE，或改用数据库所有者的账号。`,
  /** What `jiansheng audit verify` and the audit page say about a finding. */
  finding: {
    changed: (seq: number) => `第 ${seq} 条：内容或哈希被改动，或整条被替换。`,
    removed: (from: number, to: number) =>
      from === to
        ? `第 ${from} 条：已被删除。`
        : `第 ${from} 至 ${to} 条：已被删除（共 ${to - from + 1} 条）。`,
    moved: (seq: number, was: number) => `第 ${seq} 条的位置上是第 ${was} 条：顺序被改动。`,
    forged: (seq: number) => `第 ${seq} 条：不是由本平台写入的。`,
    unlinked: (seq: number) => `第 ${seq} 条：与前一条不相接，可能来自这个数据库另一时间的副本。`,
    noKey: (seq: number, key: string) =>
      `第 ${seq} 条：标明是用密钥 ${key} 写入的，现有密钥无法核对。如果确是以前的密钥，请把它加入 JIANSHENG_KEY_PREVIOUS。`,
    head: '链尾记录不是由本平台写入的，或与最后一条不符：末尾的记录可能已被删除。',
    headThen: (seq: number) => `第 ${seq} 条：平台当时发现链尾记录已被改动，在此之前末尾的记录可能已被删除。`,
    empty: '没有任何记录：全部记录可能已被删除。',
  },
  /** The same about an exported file; lines are counted from 1. */
  fileFinding: {
    notRead: (line: number) => `第 ${line} 行：不是导出文件中的一行。`,
    changed: (line: number) => `第 ${line} 行：内容被改动。`,
    unlinked: (line: number) => `第 ${line} 行：与前一行不相接，中间的记录被删除或顺序被改动。`,
    notInLog: (line: number, seq: number) =>
      `第 ${line} 行：确由本平台写入，但审计日志中的第 ${seq} 条已不是它。日志可能被删减，或被恢复到较早的状态。`,
    noManifest: '没有末行的清单和签名：文件不完整。',
    signature: '清单的签名无效：清单被改动。',
    content: '内容与签名时不同：文件被改动。',
  },
  channels: {
    website: '网站',
    gone: '这个发布账号不存在或已归档。请刷新后再看。',
    exists: '本单位已有这个发布账号（或有一个尚未授权的微博账号）。请使用已有的账号，或先把它归档。',
    busy: '还有稿件在等待发布或正在发布到这个账号。请先取消或等它们结束，再归档。',
    otherAccount: '授权的是另一个微博账号。请退出微博后用原来的账号重新授权；要换账号，请新增一个发布账号。',
  },
  siteColumns: {
    taken: '已有使用这个标识的栏目，请换一个。',
    stale: '这个栏目刚刚被别人改过，没有保存。请刷新后再改。',
    full: (most: number) => `栏目最多 ${most} 个，没有添加。请先停用或改用已有的栏目。`,
  },
  sources: {
    gone: '这个信源不存在，或由 hub.yaml 管理，不能在这里修改。请刷新后再看。',
    keyTaken: '本单位已有信源使用这个标识，请换一个。',
    notOpml: '这个文件不是有效的 OPML。请从阅读器重新导出，或改用 CSV。',
    probeTooOften: (minutes: number) => `识别得太频繁，请 ${minutes} 分钟后再试。`,
  },
  wordLists: {
    otherOffice: '词表供整个平台使用，只有平台所属单位的人员可以修改。',
    why: '请写明修改的原因，不超过 500 字。',
    long: (most: number) => `词表太长，最多 ${most} 字。请删减后再保存。`,
    changed: '词表刚刚被别人改过，没有保存。请刷新后在最新版本上修改。',
  },
  models: {
    otherOffice: '模型供整个平台使用，只有平台所属单位的人员可以更换。',
    why: '请写明更换模型的原因，不超过 500 字。',
  },
  reviews: {
    gone: '帖文已不在，可能已到期清理。请刷新后再看。',
    notStanding: '没有可以撤销的复核，可能已被别人撤销。请刷新后再看。',
    notCopy: '这条帖文没有与其他帖文归为相同内容。请刷新后再看。',
    noOther: '没有找到要归到一起的帖文，或它属于别的单位。请核对编号。',
    same: '这两条帖文已经归为相同内容，或是同一条。',
  },
  concerns: {
    gone: '这个关切已不在，可能已并入另一个，或不在您的范围内。请刷新后再看。',
    changed: '这个关切刚刚被别人改过，没有保存。请刷新后再操作。',
    same: '不能把一个关切并入它自己。请另选一个。',
    office: '只能合并同一单位的关切。',
    posts: '请选择要拆分的帖文：至少一条，并且至少留下一条。',
    undone: '这项操作已被撤销，或之后又有新的操作，不能再撤销。请刷新后再看。',
  },
  notices: {
    robot: (name: string) => `群机器人或其他系统“${name}”`,
    mailbox: '工作人员的邮箱',
    mail: '邮件',
    lost: (title: string) => `“${title}”的通知没有送达。原因见发送记录，请改用其他方式告知，并修复这个渠道。`,
    unknown: (title: string) =>
      `“${title}”的通知不能确定是否送达，为避免重复不再重发。请人工核对，原因见发送记录。`,
    stillTrying: (title: string, tries: number) =>
      `“${title}”的通知试了 ${tries} 次没有送达，仍在重试。原因见发送记录。`,
  },
  stops: {
    reason: '请写明停止的原因，不超过 500 字。',
    host: '这不是网站的域名或网址，请核对。',
  },
  templates: {
    taken: '本单位已有同名模板，请换一个名称。',
    gone: '这个模板已不在，请刷新后再看。',
  },
  series: {
    taken: '本单位已有同名固定栏目，请换一个名称。',
    gone: '这个固定栏目已停用、暂停，或这一天不再安排。请刷新后再看。',
    filled: '这一期已经有人开始写了，请刷新后打开那篇稿件。',
  },
  staleVersion: '这篇稿件刚刚被别人改过，请刷新后再保存。',
  releaseReviews: {
    notDraft: '这篇稿件已经不是草稿，不能送审。请刷新后再看。',
    noSecrecy: '这一版还没有做保密审查。请先在“检查”中逐项完成保密审查，再送审。',
    longNote: (most: number) => `说明请在 ${most} 字以内。`,
    reason: '退回须写明理由，让起草人知道改什么。',
    allPoints: '请逐项核对并勾选本环节的全部要点，再通过。',
    changed: '这一轮审核已经结束，稿件可能刚被修改、退回或撤回。请刷新后再看。',
    notWaiting: '这个环节现在不能审核：可能刚被别人审过，或还没轮到。请刷新后再看。',
    gone: '没有这篇稿件或这一轮审核。请刷新后再看。',
    author: '您起草或提交了这一版，不能审核自己的稿件。请由其他人审核。',
    again: '您已经通过这一轮的另一个环节。三审须由不同的人进行。',
    role: '您没有这个环节的审核角色。',
    comment: '请写明意见，不超过 2000 字。',
    passage: '稿件里没有这段话，可能刚被修改。请重新选取后再写。',
    blocked: (n: number) => `还有 ${n} 处问题没有解决或没有写明理由。请先到“检查”中处理，再送审。`,
    told: {
      untitled: '（无标题稿件）',
      asked: (stage: ReviewStage) => `等待您${reviewStageNames[stage]}。`,
      nobody: (stage: ReviewStage) =>
        `等待${reviewStageNames[stage]}，但没有人能审：没有担任这个角色的人，或都参与了起草和前面的审核。请联系安全管理员授权，或办理委托。`,
      returned: (stage: ReviewStage, note: string) => `${reviewStageNames[stage]}退回：${note}`,
      foundAfter: (stage: ReviewStage, note: string) =>
        `事后${reviewStageNames[stage]}发现问题：${note} 请决定更正或撤回。`,
      late: (stages: readonly ReviewStage[], due: string) =>
        `紧急发布后应在 ${due} 前补做${stages.map((stage) => reviewStageNames[stage]).join('、')}，现已超期。`,
    },
  },
  deliveries: {
    stale: '这篇稿件刚刚被别人改过，或还没有审核通过，不能安排发布。请刷新后再看。',
    noPlan: '请至少选择一个账号。',
    past: '发布时间已经过去，请另选一个时间，或选择“立即发布”。',
    embargo: (until: string) => `这篇稿件设有发布禁令，${until} 之前不能发布。请把时间安排在这之后。`,
    account: '所选的账号不存在、已停用或不属于本单位。请刷新后重新选择。',
    taken: (name: string) => `这篇稿件已经安排在或已经发布在“${name}”上，不能再安排一次。`,
    siteFirst:
      '微博、微信中要附网站的链接，须在网站发布的同时或之后发布。请先安排网站，或把时间改到网站之后。',
    noSite: '微博须附网站的链接。请同时安排在网站发布。',
    begun: '已经开始发出，或已被别人改动，不能再改。请刷新后再看。',
    held: '本单位有较高等级的预警，这项发布正等待复看，不能直接改期。请先复看。',
    notUnknown: '这项发布已经有了结果，不需要再回答。请刷新后再看。',
    address: '请填写以 http:// 或 https:// 开头的网址，或留空。',
    withdrawnNote: '本文已撤下。',
    withdrawReason: '请写明撤回的原因，不超过 400 字。',
    withdrawNothing: '没有可以撤回的内容：还没有发布，或已经在撤回。请刷新后再看。',
    withdrawGone: '这项撤回已经处理过。请刷新后再看。',
    correctNote: '请写明更正了什么，不超过 400 字：读者会看到这段说明。',
    correctNothing: '没有需要更正的内容：稿件还没有修改并审核通过，或没有已发布的渠道。请刷新后再看。',
  },
  offices: {
    noCode: '没有填代码。',
    badCode: '代码须为 2 至 32 个字母、数字或连字符。',
    noName: '没有填名称。',
    nameLength: '名称须为 2 至 80 个字。',
    badName: '名称中有不能显示的字符。',
    circle: '不能把单位放到它自己或它的下级之下。',
    level: '上级单位的级别须高于下级：最高、省级、市级、县级。',
    outOfScope: '这个单位或新的上级不在您的管理范围内。',
    codeTaken: '这个代码已有单位使用，请核对。',
    closed: (name: string) => `“${name}”已撤销，请先恢复它，或另选一个单位。`,
    list: (names: readonly string[], more: boolean) => `${names.join('、')}${more ? '等' : ''}`,
    inUse: (offices: string, people: string) =>
      `还不能撤销：${[
        ...(offices === '' ? [] : [`下面还有单位（${offices}）`]),
        ...(people === '' ? [] : [`还有在用的人员（${people}）`]),
      ].join('，')}。请先移走或停用。`,
    changedMeanwhile: '单位在预览之后有变化，没有导入任何内容。请重新预览。',
    nothingToImport: '没有可以导入的变化。',
    stillWrong: '文件中还有错误，没有导入任何内容。请改正后重新预览。',
    levels: {
      supreme: ['supreme', '最高', '最高检', '全国', '国家级'],
      provincial: ['provincial', '省级', '省'],
      municipal: ['municipal', '市级', '市', '地市级', '分市', '分院'],
      county: ['county', '县级', '县', '区县', '区县级', '基层'],
    },
    columns: {
      code: ['代码', 'code', '单位代码'],
      name: ['名称', 'name', '单位名称'],
      level: ['级别', 'level', '层级'],
      parent: ['上级', 'parent', '上级代码'],
    },
    wrong: {
      uneven: (cells: number, width: number) => `有 ${cells} 列，标题行有 ${width} 列`,
      level: (text: string) => `级别“${text}”不认识，可填：最高、省级、市级、县级`,
      otherLevel: '级别与已登记的不同，级别不能通过导入修改',
      duplicate: (line: number) => `代码与第 ${line} 行重复`,
      noParent: '没有填上级；顶层单位只能由命令行导入',
      unknownParent: (code: string) => `没有代码为“${code}”的上级单位`,
      closedParent: (code: string) => `上级单位“${code}”已撤销`,
      circle: '上级关系成环：沿上级往上会回到本单位',
      fit: '级别须低于上级单位',
      outOfScope: '不在您的管理范围内',
    },
  },
  csv: {
    workbook: '这是 Excel 工作簿。请在 Excel 中另存为“CSV UTF-8（逗号分隔）”再上传。',
    notText: '这个文件不是文本，或编码无法识别。请另存为 CSV（UTF-8 或 GB18030）再上传。',
    tooBig: (rows: number, megabytes: number) =>
      `文件太大：最多 ${rows} 行、${megabytes} MB。请分成几个文件。`,
    columns: (names: readonly string[]) => `第一行须写明各列的名称，缺少：${names.join('、')}。`,
    broken: (line: number) => `第 ${line} 行附近的引号不成对，或一行太长，无法读取。请检查文件。`,
    longLine: '有一行超过 4,000 个字，不像是名单。请检查文件。',
  },
  people: {
    noName: '没有填姓名。',
    nameLength: '姓名最多 40 个字。',
    badName: '姓名中有不能显示的字符。',
    badEmail: '邮箱的写法不对，请核对。',
    emailTaken: '这个邮箱已经是别人的登录账号，请核对；一个邮箱只能有一个账号。',
    emailTakenBy: (email: string) => `邮箱 ${email} 已经是别人的登录账号，没有导入任何内容。请核对。`,
    gone: '这个人员已不在您的管理范围内。请刷新后再操作。',
    disabled: '这个账号已停用。请先恢复，再授予角色。',
    own: '不能停用或调动自己的账号，请由另一位系统管理员办理。',
    grantsChanged: '这个人的角色刚刚有变化，没有调动。请核对下面将结束的角色后再确认。',
    lastAdministrator: '这是管理该单位的最后一位同类管理员，不能停用、调走或收回。请先授予另一个人。',
    columns: {
      name: ['姓名', 'name'],
      email: ['邮箱', 'email', '登录账号'],
      office: ['单位代码', 'office', '代码'],
    },
    wrong: {
      duplicate: (line: number) => `邮箱与第 ${line} 行重复`,
      taken: '邮箱已有账号',
      noOffice: (code: string) => `没有代码为“${code}”的单位，或不在您的管理范围内`,
      closedOffice: '单位已撤销',
    },
  },
  roles: {
    own: '不能给自己授予角色，请由另一位安全管理员办理。',
    apart: '三类管理员不能由同一个人担任，也不能兼任其他角色。请先收回其现有角色，或另选一个人。',
    held: '这个人在该单位已有这个角色。',
    gone: '这项角色已经结束。请刷新后再看。',
    ended: '结束时间须晚于现在。',
    noColleague: '只能委托给同一单位在用的同事。',
    period: '委托须从现在或以后开始，最长 30 天，最早可提前 90 天安排。',
  },
  watches: {
    gone: '这个监测方案已不在您的管理范围内。请刷新后再操作。',
    changed: '这个监测方案刚刚被别人改过，没有保存。请核对最新的内容后再改。',
    nameTaken: '本单位已有同名的监测方案，请换一个名称。',
  },
  warningRules: {
    gone: '这条预警规则已不在您的管理范围内。请刷新后再操作。',
    changed: '这条预警规则刚刚被别人改过，没有保存。请核对最新的内容后再改。',
    nameTaken: '本单位已有同名的预警规则，请换一个名称。',
    notShipped: '这条规则不是随程序提供的，没有出厂内容可以恢复。',
  },
  markedEvents: {
    gone: '这条事件标记已被取消，或不在您的管理范围内。请刷新后再看。',
    times: '结束时间须晚于开始时间，最高峰须在两者之间。',
  },
  replays: {
    running: '本单位的上一次回放还没有结束。请等它完成后再开始。',
  },
  savedSearches: {
    many: (most: number) => `每人最多保存 ${most} 个检索。请先删除不再需要的。`,
  },
  warnings: {
    gone: '这条预警已不在您的管理范围内。请刷新后再操作。',
    changed: '这条预警刚刚被别人处理过，没有保存。请核对最新的情况后再操作。',
    notNow: (state: string) => `这条预警现在是“${state}”，不能这样处理。请核对最新的情况。`,
    states: {
      suggested: '待确认',
      confirmed: '已确认',
      handling: '处置中',
      answered: '已回应',
      assessed: '已评估',
      lifted: '已解除',
      dismissed: '已排除',
    },
    reason: '请写明理由，不超过 500 字。',
    text: '请填写内容，不超过 1000 字。',
    parties: '请写明参加会商的单位或岗位，不超过 100 字。',
    sameLevel: '等级没有变化。',
    noGreen: '绿色表示没有预警：不构成预警的请排除，已平息的请解除。',
    noRelease: '没有找到这篇已发布的稿件。请重新选择，或改为填写说明。',
    answerHow: '请选择已发布的稿件，或写明是怎样回应的。',
    lacking: (items: string[]) => `还不能解除：${items.join('；')}。`,
    lackAssessed: '橙色、红色预警须先回应并评估',
    lackCheck: { law: '尚未记录“依法办理”', opinion: '尚未记录“舆论引导”', order: '尚未记录“社会面管控”' },
    checkNote: '请写明做了什么、告知了哪个主管部门，不超过 500 字。',
    openOrders: (count: number) => `还有 ${count} 项督办没有办结或撤回`,
    openAgain: '同一对象已有新的预警，请在新的预警上处理。',
    tooLate: (days: number) => `结束已超过 ${days} 天，不能重新打开；如有新的情况会另行预警。`,
    levelChanged: '这个等级的说明刚刚被别人改过，没有保存。请刷新后在最新版本上修改。',
    orderText: '请写明督办的事项，不超过 500 字。',
    orderDue: '请填写以后的时间，最长 90 天。',
    orderDirection: '督办只能交给本单位或下级单位。',
    orderGone: '这项督办已经办结或撤回。请刷新后再看。',
    orderClosed: '预警已经结束，不能再督办。',
    heldGone: '这篇稿件已不在暂缓之列，可能已被别人处理。请刷新后再看。',
    heldTime: '请选择以后的时间。',
    /** What people are told of it (notices). */
    told: {
      confirmed: (level: string, until: string | null) =>
        `已确认为${level}预警${until ? `，须在 ${until} 前发布权威信息或作出回应` : ''}。`,
      level: (from: string, to: string, reason: string) => `由${from}调整为${to}：${reason}`,
      held: (titles: string[]) =>
        `${titles.length} 篇待发稿件暂缓发布，请复核后放行或改期：${titles.map((title) => `《${title}》`).join('')}`,
      overdue: (until: string) => `未在 ${until} 前回应。请尽快处理，并向上级院说明。`,
      press: (until: string) => `未在 ${until} 前召开新闻发布会，也没有写明不需要的理由。`,
      order: (due: string, text: string) => `须在 ${due} 前办结：${text}`,
      orderDone: (answer: string) => `督办已办结：${answer}`,
      orderOverdue: (office: string, due: string, text: string) =>
        `${office}未在 ${due} 前办结督办事项：${text}`,
    },
  },
};
