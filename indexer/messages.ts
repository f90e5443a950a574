/** Everything the indexer says to a person. */
export const messages = {
  searchDown: '检索引擎暂时不可用，采集和入库不受影响，恢复后会自动补齐。请稍后再试。',
};
