import type { NoticeKind } from '../../store/notice-requests.ts';

/** What notices say when they leave the hub. */
export const noticeWords = {
  brand: (mark: string) => `【检声·${mark}】`,
  kinds: {
    suggested: '建议预警，请核实',
    raised: '建议提高等级，请核实',
    confirmed: '预警已确认',
    level: '预警等级有调整',
    dismissed: '预警未予采纳',
    lifted: '预警已解除',
    reopened: '预警重新启动',
    overdue: '超过回应时限',
    order: '收到督办',
    'order-done': '督办已答复',
    'order-overdue': '督办超期',
    escalated: '下级院事项超期上报',
    held: '待发稿件已暂缓',
    undelivered: '通知未能送达',
  } satisfies Record<NoticeKind, string>,
  reminder: (heading: string) => `尚无人签收 ${heading}`,
  times: (n: number) => `同类情况共 ${n} 次`,
  office: (name: string) => `单位：${name}`,
  at: (time: string) => `时间：${time}`,
  open: '打开查看并签收',
  test: '测试',
  testText: '这是一条测试通知。收到即说明渠道可用，无需处理。',
  mailFoot: '此邮件由检声自动发出，请勿回复。接收范围可在“通知 › 我的设置”中修改。',
};
