/** Words of the bar that says which offices a page is about. */
export const officeViewMessages = {
  label: '单位范围',
  withBelow: '含下级',
  only: '仅本院',
  below: '进入下级院',
  choose: '选择下级院',
  go: '进入',
  volumes: '各院声量',
  volumesHint: '本院与各下级院（含其下级）在同一时段的帖文数',
  office: '单位',
  posts: '帖文',
  negative: '负面',
  own: '本院',
  share: '占比',
};
