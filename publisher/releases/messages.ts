/** What stands in articles where a platform cannot show what the text has. */
export const messages = {
  video: (title: string) => `（视频${title && `《${title}》`}：请点击文末“阅读原文”观看）`,
  audio: (title: string) => `（音频${title && `《${title}》`}：请点击文末“阅读原文”收听）`,
  attachments: '（附件：请点击文末“阅读原文”下载）',
  aiAssisted: '（本文在撰写中使用了人工智能辅助生成，内容已经人工审核。）',
};
