import type { Severity } from '../../../config/release-checks.ts';

/** What the page of the checks before a review says. */
export const checkMessages = {
  title: '发布前检查',
  lead: '送审前自动检查稿件。“必须修改”的问题不能送审；“需要确认”的问题可以写明理由后送审，理由署名并供审核人查看。图片、音视频和附件里的内容不在检查范围内，请人工核对。',
  neverRun: '还没有检查过',
  neverRunHint: '没有检查不等于没有问题。点击“检查”，一般几秒钟完成；有链接时要等对方答复。',
  run: '检查',
  runAgain: '重新检查',
  running: '正在检查…',
  ran: (version: number) => `检查的是第 ${version} 版`,
  stale: (was: number, now: number) =>
    `检查的是第 ${was} 版，稿件现在是第 ${now} 版。以下是旧版本的结果，请重新检查。`,
  done: '检查完成',
  unfinished: (names: readonly string[]) =>
    `没有完成的检查：${names.join('、')}。这些方面的结果未知，不能送审。`,
  verdict: {
    clear: '没有妨碍送审的问题',
    open: (blocks: number, warnings: number) => {
      const parts = [
        blocks > 0 ? `${blocks} 处必须修改` : '',
        warnings > 0 ? `${warnings} 处需要改正或者写明理由` : '',
      ];
      return `还不能送审：${parts.filter(Boolean).join('，')}`;
    },
  },
  severity: {
    block: '必须修改',
    warn: '需要确认',
  } satisfies Record<Severity, string>,
  severityHint: {
    block: '改正以后才能送审，任何人都不能跳过。',
    warn: '改正，或者写明为什么可以这样写。理由只对这一处有效，所在的句子改动后需要重新确认。',
  } satisfies Record<Severity, string>,
  answered: '已写明理由',
  parts: {
    title: '标题',
    summary: '摘要',
    document: '正文',
    weibo: '微博',
    wechat: '微信',
    details: '发布信息',
  },
  edit: '到编辑页修改',
  other: '查看这篇稿件',
  why: '理由',
  whyHint: '例如：引用判决书原文。2 到 400 字。',
  give: '保存理由',
  change: '修改理由',
  given: '理由已保存',
  by: (name: string | null) => (name === null ? '其他单位人员' : name),
  badReason: '请写明理由，2 到 400 字。',
  gone: '这一处问题已经不在检查结果中，请重新检查。',
  secrecy: {
    title: '保密审查',
    lead: '“涉密信息不上网，上网信息不涉密”。请逐项核对后勾选，以本人姓名记录，只对当前版本有效。',
    confirm: '确认保密审查',
    all: '请逐项核对并全部勾选。',
    done: '保密审查已记录',
    valid: (name: string | null, version: number) => `${name ?? '其他单位人员'} 已对第 ${version} 版逐项审查`,
    needed: '当前版本还没有保密审查',
  },
  list: '检查了哪些方面',
  none: '未发现问题',
  count: (found: number) => `${found} 处`,
  notRun: '没有完成',
  notYet: '尚未检查',
};
