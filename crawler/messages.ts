/** Everything the crawler says to a person: one sentence for each reason, with what to do about it. */
export const reasons = {
  timeout: '对方在规定时间内没有答复。可稍后再看，或加大请求时限。',
  'host-unknown': '域名解析不到。请核对网址，或稍后再试。',
  'connection-refused': '对方拒绝连接，可能正在维护。',
  'connection-lost': '连接中途断开，内容没有收全。',
  'certificate-invalid': '对方的 HTTPS 证书无效。请核对网址。',
  'address-blocked': '目标是内网地址，已拒绝访问。确需采集请写入 crawler.allowPrivateHosts。',
  'redirect-loop': '对方反复跳转，没有尽头。请核对网址。',
  'status-4xx': '对方拒绝了请求（如 403、404）。可降低频率、改用订阅地址，或核对网址。',
  'status-429': '对方要求放慢速度。将自动推迟下次访问。',
  'status-5xx': '对方服务器出错。将在下次访问时重试。',
  'too-large': '页面超过大小上限，没有读取。',
  'truncated-content': '压缩内容不完整，无法解开。',
  'robots-disallow': '网站的 robots.txt 不允许采集此地址。',
  'robots-unreachable': 'robots.txt 读取失败，按惯例暂不采集。',
  'not-a-feed': '返回的不是订阅内容，可能是网页或登录页。请核对订阅地址。',
  'not-json': '返回的不是 JSON。请核对接口地址。',
  'not-text': '返回的不是文本（可能是图片或文件）。',
  'no-items': '列表中没有找到任何条目。请核对选择器或接口字段。',
  'no-text': '没有找到正文。',
  'no-address': '条目没有可用的网址。',
  'item-broken': '条目内容无法读取。',
  'summary-only': '订阅里只有摘要，原文没有取到：先存摘要。',
  later: '这次访问已读够条数，其余留到下一次访问。',
  'token-rejected': '接口不接受所用的令牌（401 或 403）。请核对令牌是否有效、是否有权限。',
  'secret-missing': '接口所需的密钥没有设置。请在信源页面或环境变量中设置。',
  'not-visited': '这段时间没有访问（检声未运行，或任务积压）。',
  internal: '程序内部错误，已记入日志。',
} as const;

export const partial = (missed: number, expected: number, first: string) =>
  `列出 ${expected} 条，有 ${missed} 条没有取到：${first}`;
