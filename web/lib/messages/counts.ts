/** What platforms count of what was published. */
export const countMessages = {
  names: { reads: '阅读', likes: '点赞', comments: '评论', shares: '转发' },
  at: '统计于',
  between: '、',
  usual: (releases: number, medians: string) =>
    `该账号近半年 ${releases} 篇发布后最近一次统计的中位数：${medians}。刚发布的稿件还会增长，不能直接相比。`,
};
