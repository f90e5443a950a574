const channels = { website: '网站', weibo: '微博', wechat: '微信公众号' } as const;
const withReason = (reason: string | null) =>
  reason === null || reason === '' ? '' : `最后的情况：${reason}`;

/** Everything the publisher says to a person. */
export const messages = {
  channel: channels,
  missed: (minutes: number, reason: string | null = null) =>
    `晚于预定时间 ${minutes} 分钟仍未发出，已记为错过，没有自动发布。请核对后重新安排。${withReason(reason)}`,
  /** What a try has come to that did not reach its end by itself. */
  tries: {
    notSent: (detail: string) => `连接不上平台（${detail}），内容没有发出，稍后自动再试。`,
    noAnswer: (detail: string) => `平台没有完整应答（${detail}），稍后自动再试。`,
    fault: '处理时出错，内容没有发出，稍后自动再试。详见日志。',
    faultForGood: '处理时多次出错，没有发出。请联系管理员查看日志，再重新安排。',
    unknown: (detail: string) =>
      `发出请求后没有得到明确的结果（${detail}）。为避免重复发布，先到平台核对，核实没有发出才会再发。`,
    interrupted: '发出请求时程序被中断，是否已发出尚不清楚。先到平台核对，核实没有发出才会再发。',
    notArrived: '已到平台核对，没有发出，现在重新发送。',
    settling: '平台上还没有看到。为避免重复，稍等片刻再核对一次。',
    noWay: '这个渠道还不能发布，没有发出。请联系管理员。',
  },
  waits: {
    quota: (why: string, until: string) => `${why}额度到 ${until} 恢复，届时自动再发。`,
    quotaTooLate: (why: string, until: string, late: string) =>
      `${why}额度到 ${until} 才恢复，晚于最迟发布时间 ${late}，届时将记为错过，不会自动发布。请改期，或改用其他账号。`,
    stopped: (name: string, why: string) => `账号“${name}”暂时不能发布：${why}处理好以后自动继续。`,
    disabled: (name: string) => `账号“${name}”已停用。重新启用后自动继续，或取消这项发布。`,
    archived: (name: string) => `账号“${name}”已归档，不能发布。请取消这项发布，改用其他账号。`,
    unreadable: '账号的设置不完整，请重新填写并检查。',
    embargo: (until: string) => `设有发布禁令，${until} 之前不会发出。`,
    website: '等待网站先发布：微博、微信中要附网站的链接。',
    siteGone: '网站没有发布成功，暂不发出。网站发布后自动继续；也可以取消这项发布。',
    turn: '同一账号的上一项发布还没有结果，等它有了结果再发。',
  },
  site: { withdrawn: '本文已撤下。' },
  rehearsed: '演练模式：没有发出。发布记录中可以查看将要发出的全部请求。',
  notices: {
    failed: (channel: keyof typeof channels, why: string) => `${channels[channel]}：没有发布成功。${why}`,
    unknown: (channel: keyof typeof channels) =>
      `${channels[channel]}：不能确定是否已经发出，程序多次核对仍无结果。请到平台上查看，再在发布页面回答“已发出”或“没有发出”。`,
    stopped: (name: string, why: string) => `账号“${name}”不能发布：${why}`,
    withdraw: (channel: keyof typeof channels, why: string) => `${channels[channel]}：没有能撤回。${why}`,
    correct: (channel: keyof typeof channels, why: string) => `${channels[channel]}：没有能更正。${why}`,
  },
  withdraw: {
    stillSending: '正在发出，等有了结果再撤回。',
    unknown: '是否已撤回尚不清楚，稍后再核对。',
    person: '多次尝试仍不能确定是否已撤回。请到平台上查看，已撤下的请在这里标记。',
    notThere: '没有发出，不需要撤回。',
  },
  person: {
    published: '经人工核对，已发出。',
    again: '经人工核对，没有发出，重新发送。',
    givenUp: '经人工核对，不再发送。',
  },
};
