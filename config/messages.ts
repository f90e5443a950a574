import type { ReleaseType } from './release-types.ts';
import type { ReviewStage } from './review-rules.ts';

/** What kinds of releases are called. */
export const releaseTypeNames: Readonly<Record<ReleaseType, string>> = {
  'case-information': '案件信息',
  'legal-document': '法律文书',
  notice: '通知公告',
  'work-report': '工作动态',
  'law-by-case': '以案释法',
  'typical-case': '典型案例',
  'press-conference': '新闻发布会',
  'open-day': '检察开放日',
  consultation: '意见征集',
  response: '回应关切',
};

/** What the stages of reviews are called. */
export const reviewStageNames: Readonly<Record<ReviewStage, string>> = {
  first: '初审',
  second: '复审',
  final: '终审签发',
  superior: '上级院审核',
  examine: '审核',
  export: '导出核对',
  recheck: '复核',
};

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
  needsAddress: '须写明条目的网址：fields.url，或 fields.id 加 urlTemplate',
  badExpression: '不是有效的 JMESPath 表达式',
  duplicateKey: (key: string) => `信源标识 ${key} 重复`,
  duplicateOffice: (code: string) => `offices：单位代码 ${code} 重复`,
  unknownOffice: (code: string) =>
    `单位代码 ${code} 没有写在 office 或 offices 中（上级单位须写在下级前面），请核对`,
  duplicateEmail: (email: string) => `账号 ${email} 重复：三类管理员和其他人员须各用各的账号`,
  notSafeAddress: '须是 https:// 开头的完整地址（仅本机可用 http://）',
  notHttp: '须是 http:// 或 https:// 开头的完整地址',
  notRange: '须是 IP 地址或网段，如 10.1.2.3 或 10.1.0.0/16',
  badUid: '须是微博账号的数字 UID，并加引号',
  badAppId: '须是公众号的 AppID（以 wx 开头）',
  badAppKey: '须是微博应用的 App Key（纯数字）',
  notIp: '须是 IPv4 地址，如 203.0.113.8',
  badHost: '须是不带 http:// 和路径的域名，如 www.example.gov.cn',
  badSiteCode: '须是 10 位的政府网站标识码；没有就不写',
  badToken: '不能有空格、中文或换行',
  badAesKey: '须是公众平台上的 EncodingAESKey（43 位字母和数字）',
  badCallbackToken: '须是 3–32 位字母或数字，与公众平台上填写的一致',
  badArticle: '须写成“msg_data_id_序号”，如 2247483650_1',
  badKey: '只能用小写字母、数字和连字符，2–64 位',
  needsContact: 'crawler.contact：有信源时必须写明联系方式（写入 User-Agent，便于网站联系本单位）',
  notKey:
    '须是随机生成的 32 字节密钥（64 位十六进制，或 base64）；运行 npm run jiansheng -- keys new 可生成一个',
  oldKeyNeeded: (id: string) =>
    `有一项内容是用旧密钥（编号 ${id}）加密的，现在没有这把密钥。请把它加入环境变量 JIANSHENG_KEY_PREVIOUS 后重新启动。`,
  sealBroken: '有一项加密内容被改动或损坏，无法解密。请重新设置这一项，并检查审计日志。',
};
