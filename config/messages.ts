/** Everything the config room says to a person. */
export const messages = {
  wrongSettings: (where: string, lines: string[]) =>
    `${where} 中有 ${lines.length} 处设置不正确，请改正后重新启动：\n${lines.map((line) => `  · ${line}`).join('\n')}`,
  wrongEnvironment: '环境变量',
  cannotRead: (path: string, why: string) =>
    `读不到配置文件 ${path}：${why}。请检查路径，或不带 --config 启动示例数据。`,
  notYaml: (path: string, why: string) => `${path} 不是有效的 YAML：${why}`,
  unknownKey: (key: string) => `${key}：没有这个设置项，请核对拼写（全部设置项见 config/hub.example.yaml）`,
  wholeFile: '(全文)',
  badSelector: '不是有效的 CSS 选择器',
  badExpression: '不是有效的 JMESPath 表达式',
  duplicateKey: (key: string) => `信源标识 ${key} 重复`,
  notHttp: '须是 http:// 或 https:// 开头的完整地址',
  badKey: '只能用小写字母、数字和连字符，2–64 位',
  needsContact: 'crawler.contact：有信源时必须写明联系方式（写入 User-Agent，便于网站联系本单位）',
};
