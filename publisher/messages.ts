/** Everything the publisher says to a person. */
export const messages = {
  missed: (minutes: number) =>
    `晚于预定时间 ${minutes} 分钟仍未发出，已记为错过，没有自动发布。请核对后重新安排。`,
};
