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
  'too-large': '页面超过大小上限，或页数过多，没有读完。',
  'truncated-content': '压缩内容不完整，无法解开。',
  'robots-disallow': '网站的 robots.txt 不允许采集此地址。',
  'robots-unreachable': 'robots.txt 读取失败，按惯例暂不采集。',
  'host-busy': '同一网站正由其他采集进程访问，本次让出，稍后再来。',
  stopped: '已被人工停止采集。恢复后自动继续。',
  'login-required': '网站要求登录才能查看，检声不登录。请改用公开的网址、订阅地址或官方接口。',
  captcha: '网站要求人机验证，检声不会绕过。请降低频率，或与网站联系。',
  'not-a-feed': '返回的不是订阅内容，可能是网页或登录页。请核对订阅地址。',
  'not-json': '返回的不是 JSON。请核对接口地址。',
  'not-text': '返回的不是文本（可能是图片或文件）。',
  'no-items': '列表中没有找到任何条目。请核对选择器或接口字段。',
  'no-text': '没有找到正文。',
  'no-address': '条目没有可用的网址。',
  'item-broken': '条目内容无法读取。',
  'row-broken': '这一行读不出来：列数与表头不同，或不是有效的 JSON 对象。',
  'item-invalid': '条目的字段不符合约定。',
  abandoned: '访问中途被打断（程序停止或重启），由下一次访问继续。',
  interrupted: '导入中途停止。可用同一个文件重新导入，已有的不会重复。',
  'summary-only': '订阅里只有摘要，原文没有取到：先存摘要。',
  later: '这次访问已读够条数或时间，其余留到下一次访问。',
  'token-rejected': '接口不接受所用的令牌（401 或 403）。请核对令牌是否有效、是否有权限。',
  'secret-missing': '接口所需的密钥没有设置。请在信源页面或环境变量中设置。',
  'token-expired': '授权已到期或失效，平台不再接受。请重新授权，并在信源中更新密钥。',
  'credentials-wrong': '平台不认这个应用的凭据（AppID、AppSecret 等）。请核对后更新密钥。',
  'ip-not-allowed':
    '平台不接受来自本机出口 IP 的请求。请在平台后台的 IP 白名单中加入本机，或由账号管理员确认。',
  'not-permitted': '这个账号没有使用该接口的权限。请在平台后台核对账号认证和接口权限。',
  'quota-used': '这个账号当天的接口调用次数已用完，次日零点后继续。',
  'rate-limited': '接口调用过于频繁，平台要求稍后再试。将自动推迟。',
  'platform-busy': '平台繁忙，没有给出结果。将在下次访问时重试。',
  'platform-refused': '平台拒绝了请求，错误代码已记入日志。',
  'article-unknown': '平台找不到这篇文章，或不再提供它的评论。',
  'not-visited': '这段时间没有访问（检声未运行，或任务积压）。',
  'browser-absent':
    '没有找到可用的 Chromium，需要脚本渲染的页面读不了。请安装 chromium 或设置 CHROMIUM_PATH。',
  'browser-failed': '浏览器没能在规定时间内打开页面，或中途崩溃。将在下次访问时重试。',
  internal: '程序内部错误，已记入日志。',
} as const;

export const partial = (missed: number, expected: number, first: string) =>
  `列出 ${expected} 条，有 ${missed} 条没有取到：${first}`;

/** Hours below two days, days from there on. */
const span = (seconds: number) =>
  seconds < 172_800
    ? `${Math.max(1, Math.round(seconds / 3600))} 小时`
    : `${Math.round(seconds / 86_400)} 天`;

/** How a source is doing, where the reason of a visit does not say it. */
export const healthWords = {
  recovering: (n: number) => `最近一次访问已成功，再连续正常 ${n} 次即恢复。`,
  quiet: (seconds: number, usual: number) =>
    `访问正常，但已 ${span(seconds)}没有新内容，平时最多隔 ${span(usual)}。请打开原网页核对是否改版或停更。`,
  stopped: '已停止采集，这段时间没有数据。恢复采集后自动继续。',
  disabled: '没有启用，不采集。',
  unapproved: '等待批准，批准后开始采集。',
};

/** About files that people bring. */
export const uploadMessages = {
  oldWorkbook:
    '这是旧版 Excel 文件（.xls）或加了密码的文件，读不出来。请在 Excel 或 WPS 中去掉密码，另存为 .xlsx 或 CSV。',
  notWorkbook: '这个压缩文件不是 Excel 工作簿。请上传 .xlsx、CSV 或 JSON Lines 文件。',
  notText: '这个文件不是表格，也不是文本。请上传 .xlsx、CSV 或 JSON Lines 文件。',
  jsonArray: '这是一个 JSON 数组。请改成 JSON Lines：每行一个 JSON 对象。',
  tooBig: (rows: number, megabytes: number) => `文件太大：最多 ${rows} 行、${megabytes} MB。请分成几个文件。`,
  bookTooBig: (megabytes: number) =>
    `工作簿解开后超过 ${megabytes} MB，没有读取。请分成几个文件，或另存为 CSV。`,
  brokenRow: (line: number) => `第 ${line} 行附近读不下去：引号不成对，或有一行太长。请在文本编辑器中改正。`,
  brokenBook: '工作簿已损坏，读不出来。请用 Excel 或 WPS 打开后另存一份再上传。',
  empty: '文件中没有数据：须有一行列名，下面至少有一行内容。',
  unnamed: (n: number) => `第 ${n} 列`,
  noText: '没有指定哪一列是正文。请选择正文所在的列。',
  noColumn: (name: string) => `文件中没有“${name}”这一列。请核对列名。`,
  peopleColumn: (name: string) => `“${name}”是关于个人的列，不读取。请另选一列。`,
  twice: (name: string) => `“${name}”这一列被指定了两次。一列只能对应一项。`,
};

/** About what other systems send. */
export const pushMessages = {
  notJson: '内容不是有效的 JSON。',
  noItems: '内容须为 {"items": [ … ]}，items 是条目的数组。',
  notObject: '条目须为 JSON 对象。',
  fields: {
    id: 'id 须为 1 至 300 个字符的文字，或整数。',
    url: 'url 须为 http 或 https 网址，没有则不写。',
    kind: 'kind 须为 article、post 或 comment。',
    parentUrl: 'parentUrl 须为 http 或 https 网址，没有则不写。',
    title: 'title 须为文字，最多 1000 个字符。',
    text: 'text 须为文字，不能为空，最多 200000 个字符。',
    publishedAt: 'publishedAt 须写明：可以识别的时间，或秒、毫秒数；不知道时写 null。',
    outlet: 'outlet 须为机构的名称，最多 40 个字符。',
    counts: 'counts 中的 likes、comments、shares、times 须为非负整数。',
  } as Record<string, string>,
};
