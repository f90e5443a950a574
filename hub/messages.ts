/** Everything the hub's command line says to a person. */
export const messages = {
  title: (sample: boolean) => `检声 Jiansheng${sample ? '（示例数据）' : ''}`,
  step: {
    build: '正在构建页面（源文件有更新）……',
    postgres: '正在启动数据库 PostgreSQL……',
    meilisearch: '正在启动检索引擎 Meilisearch……',
    schema: '正在准备数据表与任务队列……',
    sample: '正在启动示例网站……',
    roles: '正在启动采集、索引、发布、时钟和页面……',
  },
  ready: (address: string) => `已就绪，请用浏览器打开：${address}`,
  logins: '登录账号',
  firstLogin: ({ name, email, password }: { name: string; email: string; password: string | null }) =>
    `  ${name}：${email}${password === null ? '' : `  一次性口令：${password}`}`,
  oneTime: '（登录后须立即修改口令；此口令只显示这一次，未使用前每次启动会换新的）',
  logs: (path: string) => `日志：${path}`,
  howToStop: '按 Ctrl-C 停止。',
  stopping: '正在依次停止……',
  stopped: '已停止，数据保留在数据目录中。',
  roleEnded: (role: string, how: string) => `「${role}」进程意外结束（${how}），正在重新启动。`,
  engineEnded: (engine: string) => `${engine === 'postgres' ? '数据库' : '检索引擎'}意外结束，正在重新启动。`,
  administrators: { system: '系统管理员', security: '安全管理员', audit: '审计管理员' },
  portTaken: (port: number) =>
    `端口 ${port} 已被占用。请关闭占用它的程序，或换一个端口：PORT=${port + 1} npm start（也可在 hub.yaml 的 web.port 中设置）。`,
  /** What the sample office is called at the simulated platforms. */
  sampleAccount: '云州检察',
  samplePortTaken: (port: number) =>
    `示例网站的端口 ${port} 已被占用。请关闭占用它的程序后重试；或删除示例数据目录，下次启动会另选端口。`,
  folderNotWritable: (path: string) =>
    `数据目录 ${path} 不能写入。请修改目录权限，或用环境变量 JIANSHENG_DATA 另指定一个目录。`,
  alreadyRunning: (path: string, pid: number) =>
    `数据目录 ${path} 正由另一个检声使用（进程 ${pid}）。请先停止它，或用环境变量 JIANSHENG_DATA 另指定一个目录。`,
  postgresMissing: (platform: string) =>
    `没有适用于 ${platform} 的内置 PostgreSQL。请自行安装 PostgreSQL，并设置环境变量 DATABASE_URL。`,
  postgresFailed: (why: string, log: string) => `PostgreSQL 未能启动：${why}。详见日志 ${log}。`,
  postgresUnreachable: (why: string) =>
    `连接不上 DATABASE_URL 指定的数据库：${why}。请检查地址、口令和网络。`,
  meiliMissing: (platform: string) =>
    `没有适用于 ${platform} 的内置 Meilisearch。请自行安装（放到 PATH 中的 meilisearch），或设置环境变量 MEILI_URL 和 MEILI_KEY。`,
  meiliHash: (path: string) =>
    `检索引擎程序 ${path} 的校验值不符，已拒绝运行。请删除 node_modules 后重新安装。`,
  meiliFailed: (why: string, log: string) => `Meilisearch 未能启动：${why}。详见日志 ${log}。`,
  meiliUnreachable: (why: string) => `连接不上 MEILI_URL 指定的检索引擎：${why}。请检查地址、密钥和网络。`,
  notInTime: '在规定时间内没有响应',
  endedWith: (code: string) => `进程已退出（${code}）`,
  buildFailed: (detail: string) => `页面构建失败：\n${detail}`,
  webFailed: (log: string) => `页面进程没有在规定时间内就绪。详见日志 ${log}。`,
  unknownCommand: (name: string) => `没有这个命令：${name}`,
  unknownRole: (name: string, roles: readonly string[]) =>
    `没有这个角色：${name}。可用：${roles.join('、')}。`,
  wrongOption: (why: string) => `选项不正确：${why}。运行 jiansheng help 查看用法。`,
  usage: `用法：jiansheng <命令>

  start [--config hub.yaml]            启动全部（不带 --config 时运行示例数据）
  start --role <角色> --config …       只启动一个角色：clock、crawl、index、publish、web
  crawl <网址>                         试采集一个网址，显示会得到什么，不保存
  reindex                              重建检索库
  learn                                从人工复核中学习（平时每天凌晨自动进行）
  doctor [--config hub.yaml]           检查各引擎和设置
  audit verify [--file 导出文件]       核对审计日志是否被改动；带 --file 时核对一个导出文件
  keys new                             生成一把加密密钥
  keys rotate                          用新密钥重新加密全部内容（更换 JIANSHENG_KEY 之后运行）
  offices import <文件> [--apply]      从 CSV 导入单位：先显示变化，加 --apply 后执行
  upload <文件> --source <信源>        导入一个文件（CSV、XLSX、JSON Lines）；加 --preview 只预览
  replay --from <日期> --to <日期>     用现行规则回放历史，显示预警会有多早、误报多少；--file 回放文件，--json 输出数据
  stop-crawling --reason <原因>        立即停止全部采集；加 --host 或 --source 只停一个网站或信源
  resume-crawling                      恢复采集；--host、--source 同上
  try extract <网址或文件> [--json]    显示会从一个网页得到什么，不保存；文件写 - 即标准输入
  try <步骤>                           从标准输入逐行读 JSON，试运行一个步骤，不保存；concerns 读完全部帖文后才输出分组
  help                                 显示本说明`,
  tryUsage: (steps: string[]) => `用法：jiansheng try <步骤>，每行一个 JSON。可用的步骤：${steps.join('、')}`,
  extract: {
    usage:
      '用法：jiansheng try extract <网址或文件，- 为标准输入> [--json] [--url 文件原来的网址] [--kind feed|browser] [--allow-private 主机] [--config hub.yaml]',
    unreadable: (path: string, why: string) => `读不到 ${path}：${why}。请检查路径。`,
    address: '网址',
    canonical: '规范网址',
    robots: 'robots.txt',
    robotsStates: { allowed: '允许', disallowed: '不允许', unreachable: '读取失败', none: '没有，均可采集' },
    encoding: '编码',
    replaced: (count: number) => `有 ${count} 处无法识别`,
    is: '类型',
    kinds: { feed: '订阅', json: 'JSON', page: '网页' },
    title: '标题',
    publishedAt: '发布时间',
    toldBy: (where: string) => `来自 ${where}`,
    outlet: '发布单位',
    text: (paragraphs: number, characters: number) => `正文（${paragraphs} 段，${characters} 字）`,
    comments: (count: number) => `评论（${count} 条）`,
    likes: (count: number) => `赞 ${count}`,
    links: (count: number) => `文章链接（${count} 个）`,
    next: '下一页',
    entries: (count: number) => `条目（${count} 条）`,
    nothing: '没有找到',
    more: (count: number) => `另有 ${count} 项没有列出，加 --json 可看全部`,
  },
  tryBadLine: (line: number, why: string) => `第 ${line} 行：${why}`,
  tryOneBody: 'html 和 base64 须有且只有一个',
  tryNotJson: '不是有效的 JSON',
  tryNotInOrder: (series: string) => `“${series}” 的时间早于上一个点，同一序列须按时间先后排列`,
  tryNothingLeft: '清理之后没有可读的文字，不会入库。',
  crawlUsage: '用法：jiansheng crawl <网址>（http:// 或 https:// 开头）',
  crawlFailed: (code: string, detail: string) => `未能采集（${code}）：${detail}`,
  notRunning: (command: string) => `检声没有运行。请先启动（npm start），再在另一个终端运行 ${command}。`,
  learn: {
    off: () => '已有人退回随程序提供的模型，学习暂停。在“复核”页面恢复后再运行。',
    same: (n: number) => `上次学习之后没有新的复核（共 ${n} 条），没有重新学习。`,
    few: (n: number) => `可用的复核只有 ${n} 条，满 40 条后才能学习。`,
    better: (n: number, before: string, after: string) =>
      `已从 ${n} 条复核中学习并启用：交叉验证的一致率由 ${before} 变为 ${after}。`,
    worse: (n: number, before: string, after: string) =>
      `已从 ${n} 条复核中学习，但交叉验证的一致率由 ${before} 降为 ${after}，没有启用。`,
  },
  replay: {
    usage:
      '用法：jiansheng replay --from <日期> --to <日期> [--office 单位代码] [--json] [--config hub.yaml]\n      jiansheng replay --file <每行一条 JSON 帖文的文件> [--events <每行一个 JSON 事件的文件>] [--from …] [--to …] [--json]',
    noOffice: (code: string) => `没有代码为 ${code} 的单位。请核对代码。`,
    head: (posts: number, days: number) => `回放了 ${days} 天、${posts} 条帖文，没有保存任何内容。`,
    line: (at: string, level: string, title: string, rule: string, why: string, event: string | null) =>
      `${at}  ${level}  ${title}（${rule}）：${why}${event === null ? '' : `  → 事件“${event}”`}`,
    event: (name: string, found: boolean, lead: number | null) =>
      found ? `事件“${name}”：已提示，比最高峰早 ${lead} 分钟。` : `事件“${name}”：没有提示。`,
    figures: (
      precision: string | null,
      recall: string | null,
      lead: number | null,
      wrong: number,
      grave: number,
    ) =>
      `准确率 ${precision ?? '—'}；召回率 ${recall ?? '—'}；提前量中位数 ${lead === null ? '—' : `${lead} 分钟`}；每 30 天误报 ${wrong} 次，其中高于蓝色 ${grave} 次。`,
  },
  reindexDone: (count: number) => `已把 ${count} 条帖文重新送入检索库。`,
  audit: {
    usage: '用法：jiansheng audit verify [--config hub.yaml] [--file 导出文件]',
    progress: (count: number) => `已核对 ${count} 条……`,
    good: (count: number, last: number, seconds: string) =>
      `审计日志完好：共 ${count} 条，最后是第 ${last} 条，用时 ${seconds} 秒。`,
    bad: (count: number) => `审计日志有 ${count} 处异常：`,
    more: (count: number) => `另有 ${count} 处没有列出。`,
    fileUnreadable: (path: string, why: string) => `读不到导出文件 ${path}：${why}。请检查路径。`,
    fileGood: (count: number) => `导出文件完好：共 ${count} 条，签名有效。`,
    fileBad: (count: number) => `导出文件有 ${count} 处异常：`,
    made: (at: string, by: string, office: number) => `导出时间 ${at}，导出人 ${by}，单位编号 ${office}`,
    signer: (fingerprint: string) => `签名指纹 ${fingerprint}`,
    ownSigner: '签名出自本平台。',
    otherSigner: '签名不是出自本平台：指纹与本平台的不同。',
    compareSigner: '请与审计页面上显示的指纹核对，两者相同才是出自该平台。',
  },
  keys: {
    usage: '用法：jiansheng keys new\n      jiansheng keys rotate [--config hub.yaml]',
    rotated: (count: number, key: string) => `已用新密钥（编号 ${key}）重新加密 ${count} 项。`,
    nothingStale: (key: string) => `没有需要重新加密的内容，全部已用新密钥（编号 ${key}）加密。`,
    failed: (table: string, id: string, why: string) => `未能重新加密 ${table} ${id}：${why}`,
    keepOld: '审计日志中旧密钥写入的部分仍须用旧密钥核对，请把旧密钥保留在 JIANSHENG_KEY_PREVIOUS 中。',
  },
  stops: {
    usage:
      '用法：jiansheng stop-crawling [--host 域名 | --source 信源] --reason 原因 [--config hub.yaml]\n' +
      '      jiansheng resume-crawling [--host 域名 | --source 信源] [--config hub.yaml]',
    stopped: (what: string) => `已停止：${what}。正在进行的访问会在一秒内停下。`,
    resumed: (what: string) => `已恢复：${what}。`,
    notStopped: (what: string) => `没有停止过：${what}。`,
    all: '全部采集',
    noSource: (key: string) => `没有这个信源：${key}。`,
    standing: (n: number) => `仍有 ${n} 项停止生效：`,
    one: (office: string, host: string | null, reason: string) =>
      `  ${office} ${host ?? '全部采集'}：${reason}`,
  },
  offices: {
    usage: '用法：jiansheng offices import <CSV 文件> [--apply] [--config hub.yaml]',
    unreadable: (path: string, why: string) => `读不到名单 ${path}：${why}。请检查路径。`,
    summary: (fresh: number, changed: number, unchanged: number, wrong: number) =>
      `新建 ${fresh}，修改 ${changed}，不变 ${unchanged}，有错 ${wrong}`,
    change: (
      code: string,
      name: string,
      parent: string | null,
      before: { name: string; parent: string | null } | null,
    ) => {
      const place = parent ?? '（顶层）';
      if (!before) return `  新建 ${code} ${name}，上级 ${place}`;
      const renamed = before.name === name ? '' : `，改名：${before.name} → ${name}`;
      const moved = before.parent === parent ? '' : `，移动：${before.parent ?? '（顶层）'} → ${place}`;
      return `  修改 ${code} ${name}${renamed}${moved}`;
    },
    wrong: (line: number, code: string, reason: string) => `  第 ${line} 行 ${code}：${reason}`,
    more: (n: number) => `  另有 ${n} 项没有列出`,
    howToApply: '没有写入。确认无误后加上 --apply 再运行一次。',
    applied: (n: number) => `已导入 ${n} 项变化。`,
  },
  upload: {
    usage:
      '用法：jiansheng upload <文件> --source <信源代码> [--office <单位代码>] [--preview] [--map text=诉求内容,title=标题,…] [--config hub.yaml]',
    unreadable: (path: string, why: string) => `读不到文件 ${path}：${why}。请检查路径。`,
    noSource: (key: string) => `没有代码为 ${key} 的信源。请核对 --source。`,
    ambiguous: (key: string, offices: string) =>
      `有几个单位都有代码为 ${key} 的信源，请用 --office 指定单位：${offices}。`,
    badMap: (part: string) =>
      `--map 中的“${part}”不对。写法：text=诉求内容,title=标题；可用的项：text、title、publishedAt、url、id、outlet、likes、comments、shares、times。`,
    notUpload: (name: string) => `“${name}”不是上传文件的信源。请选择一个种类为“上传文件”的信源。`,
    off: {
      disabled: '这个信源没有启用，不接收内容。请先由负责人批准并启用。',
      stopped: '这个信源已被停用，不接收内容。恢复后再试。',
    },
    busy: '这个信源正在导入另一个文件。请等它完成后再试。',
    changed: '文件或列的对应关系与预览时不同，没有导入。请重新预览。',
    columns: '列：',
    column: (name: string, field: string) => `  ${name} → ${field}`,
    people: '不读取（个人信息）',
    unused: '不使用',
    sheet: (name: string, others: number) =>
      others > 0 ? `工作表“${name}”，另有 ${others} 张没有读` : `工作表“${name}”`,
    counts: (rows: number, usable: number, wrong: number, known: number, repeated: number, undated: number) =>
      `共 ${rows} 行：可导入 ${usable}（其中已有 ${known}，文件内重复 ${repeated}，时间读不出 ${undated}），不能导入 ${wrong}`,
    howToImport: '没有写入。去掉 --preview 再运行一次即导入。',
    wrongRow: (line: number, reason: string) => `  第 ${line} 行：${reason}`,
    more: (n: number) => `  另有 ${n} 行没有列出`,
    done: (rows: number, fresh: number, copies: number, known: number, failed: number) =>
      `已导入：共 ${rows} 行，新增 ${fresh}（其中内容相同 ${copies}），已有 ${known}，没有导入 ${failed}。`,
  },
  roleNeedsEngines: (name: string) =>
    `单独运行一个角色时须设置环境变量 ${name}，使它与其他进程使用同一套数据库和检索引擎。`,
  sourceSecretsMissing: (variables: readonly string[]) =>
    `hub.yaml 中的信源缺少访问接口所需的密钥。请设置下列环境变量后重新启动，或停用相应的信源：${variables.join('、')}`,
  oidcSecretMissing:
    'hub.yaml 设置了统一认证（signIn.oidc），但没有设置它的密钥。请把统一认证中登记本系统时得到的密钥设为环境变量 JIANSHENG_OIDC_SECRET，再重新启动。',
  mailPasswordMissing:
    'hub.yaml 设置了发信服务器的登录账号（notices.mail.user），但没有设置口令。请把口令设为环境变量 JIANSHENG_SMTP_PASSWORD，再重新启动。',
  keyMissing: (fresh: string) =>
    `没有设置加密密钥。请把下面这把刚生成的密钥设为环境变量 JIANSHENG_KEY，另行妥善保管（不要与数据放在一起；丢失后，已加密的内容无法恢复），再重新启动：\nJIANSHENG_KEY=${fresh}`,
  roleNeedsConfig: '单独运行一个角色时须用 --config 指定 hub.yaml。',
  proxyUnknown:
    '注意：web.address 是 https，说明前面有反向代理，但 signIn.trustedProxies 没有写代理的地址。现在所有人都显示为来自代理，一人输错口令会影响大家登录，管理员的地址限制也不起作用。',
  doctor: {
    ok: '正常',
    warn: '注意',
    bad: '异常',
    node: 'Node.js',
    config: '设置',
    data: '数据目录',
    postgres: 'PostgreSQL',
    meilisearch: 'Meilisearch',
    schema: '数据表',
    queues: '任务队列',
    build: '页面',
    chromium: 'Chromium',
    sources: '信源',
    running: '运行状态',
    sampleConfig: '未指定 hub.yaml，使用示例数据',
    configOk: (path: string) => `${path} 无误`,
    writable: (path: string, free: string) => `${path} 可写，剩余空间 ${free}`,
    lowSpace: (free: string) => `剩余空间只有 ${free}，请清理磁盘`,
    version: (version: string) => `版本 ${version}`,
    willStart: (path: string) => `内置（${path}），随 npm start 启动`,
    notRunning: '未在运行',
    runningAt: (address: string) => `正在运行：${address}`,
    schemaAt: (count: number) => `已执行 ${count} 个迁移`,
    schemaBehind: (count: number) => `有 ${count} 个迁移未执行，将在下次启动时执行`,
    queueCounts: (name: string, waiting: number, failed: number) =>
      `${name}：等待 ${waiting}，失败 ${failed}`,
    built: '已构建',
    stale: '源文件有更新，将在下次启动时构建',
    noChromium: '没有找到，需要脚本渲染的信源和 PDF 将不可用；可安装 chromium 或设置 CHROMIUM_PATH',
    outbox: (count: number) => `等待送入检索库的帖文 ${count} 条`,
    sourceStates: (ok: number, bad: number, never: number) => `正常 ${ok}，异常 ${bad}，尚未访问 ${never}`,
    judging: '预警评估',
    judged: '正常',
    unjudged: (office: string, since: string, failure: string | null) =>
      `${office}：中断，自 ${since} 起未更新${failure === null ? '' : `（${failure}）`}，请查看 index 角色的日志`,
    ungrouped: (office: string, since: string) =>
      `${office}：自 ${since} 起的帖文尚未归入关切，请查看 index 角色的日志`,
    sentiment: '外部情感模型',
    sentimentUnasked: '还没有判断过帖文',
    sentimentAnswers: (at: string) => `正常，最近一次应答 ${at}`,
    sentimentFails: (since: string, why: string) =>
      `自 ${since} 起没有正确应答（${why}），这段时间由随程序提供的模型判断。请检查 sentiment.external 的地址和该服务`,
    allGood: '一切正常。',
    someBad: (count: number) => `有 ${count} 项异常，请按上面的提示处理。`,
  },
  pdf: {
    absent:
      '服务器上没有可用的 Chromium，不能生成 PDF。请在审批单页面用浏览器打印（可另存为 PDF），或请管理员安装 chromium 或设置 CHROMIUM_PATH。',
    failed: '生成 PDF 没有成功。请稍后再试，或在审批单页面用浏览器打印（可另存为 PDF）。',
  },
};
