/** What the website channel says to people. */
export const siteMessages = {
  /** For readers, in the place of a text. */
  withdrawn: '本文已由发布单位撤下。',
  missingFiles: (count: number) =>
    `正文、封面或附件中有 ${count} 个文件已不在，页面会缺图或缺附件，因此没有发布。请在稿件中重新上传，再安排发布。`,
  check: {
    baidu: '百度推送',
    off: '没有设置百度站点，新页面不会主动告诉百度。',
    noToken: '设置了百度站点，还没有填写推送密钥（token），暂不推送。',
    ready: (site: string) => `新页面会以 ${site} 的名义告诉百度。`,
  },
  /** What Baidu answered, for whoever looks after the website. */
  baidu: {
    noToken: '没有推送密钥（token）。请在发布账号中填写，再点“现在重试”。',
    off: '已不再设置百度站点，没有推送。',
    badToken: '百度不接受推送密钥（token is not valid）。请到百度搜索资源平台核对密钥和站点。',
    badSite: '百度说这个站点没有在搜索资源平台验证（site error）。请核对站点设置。',
    quota: (until: string) => `今天的推送额度已用完，${until} 以后自动再推。`,
    otherSite: '百度说这个地址不属于所设置的站点，没有收录。请核对平台的访问地址和百度站点。',
    badAddress: '百度说这个地址不合要求，没有收录。',
    said: (status: number, message: string) => `百度回答 ${status}：${message}`,
    unreadable: (status: number) => `百度的回答读不懂（${status}），稍后再试。`,
    notReached: (detail: string) => `连接不上百度（${detail}），稍后再试。`,
    refused: '连接不上允许的地址，请核对推送地址。',
    givenUp: (detail: string) => `多次没有成功，不再自动推送。${detail}`,
  },
};
