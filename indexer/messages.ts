/** Everything the indexer says to a person. */
export const messages = {
  searchDown: '检索引擎暂时不可用，采集和入库不受影响，恢复后会自动补齐。请稍后再试。',
  /** Stands in a text where a filter has eaten a number. */
  lostNumber: '[数字缺失]',
  /** What is wrong with a query of a watch; the column stands before it. */
  watchQuery: {
    at: (column: number, what: string) => `第 ${column} 列：${what}`,
    empty: '检索式是空的。请至少写一个检索词。',
    tooLong: (most: number) => `检索式太长，最多 ${most} 个字。请拆成几个监测方案。`,
    tooMany: (most: number) => `检索词太多，最多 ${most} 个。请拆成几个监测方案。`,
    tooDeep: (most: number) => `括号或“非”嵌套太深，最多 ${most} 层。`,
    openQuote: '这个引号没有配对的后引号。',
    openBracket: '这个左括号没有配对的右括号。',
    looseClose: '这个右括号前面没有配对的左括号。',
    emptyBracket: '括号里没有检索词。',
    missingAfter: (what: string) => `“${what}”后面缺少检索词。`,
    missingWord: (what: string) => `这里应当是检索词，而不是“${what}”。要查找这几个字本身，请加引号。`,
    comma: (sign: string) => `不能用“${sign}”隔开检索词。“同时出现”用空格，“任一出现”用 | 。`,
    looseTilde: '“~”要紧跟在引号后面，例如 "食堂 变质"~10。',
    looseColon: '冒号前面缺少字段名，例如 标题:检察院。要查找冒号本身，请加引号。',
    unknownField: (name: string) =>
      `没有“${name}”这个字段。可用的字段：标题、正文、媒体、信源、体裁、地区、条线、声音、情感。要查找冒号本身，请加引号。`,
    fieldInField: (name: string) => `“${name}”的范围里不能再写字段。`,
    unknownValue: (field: string, value: string, known: readonly string[]) =>
      `“${field}”没有“${value}”这个取值。${known.length > 0 ? `可以是：${known.join('、')}。` : ''}`,
    severalPlaces: (field: string, place: string) =>
      `叫“${place}”的地方不止一个。请连同上级一起写，例如 ${field}:北京市朝阳区，或者写六位区划代码。`,
    badDistance: (most: number) => `间隔要写成 0 到 ${most} 之间的整数，例如 NEAR/10。`,
    mixedDistance: '连着写的 NEAR 间隔要相同。间隔不同时请用括号分开写。',
    nearWhat: 'NEAR 的两边只能是检索词、短语，或者用 | 连起来的几个检索词。',
    apartOne: '引号里至少要有两个用空格隔开的词，才能规定它们的间隔。',
    onlyWildcards: '通配符旁边至少要有一个字。',
    tooManyWildcards: (most: number) => `一个检索词里最多用 ${most} 个通配符。`,
    nothingToFind: '这里没有可以查找的文字。',
    onlyNot: '只写了排除的词，会匹配几乎所有帖文。请先写要查找的词。',
    onlyValues: '只写了体裁、情感等条件，会匹配几乎所有帖文。请先写要查找的词、地区或条线。',
    person: (what: string) => `“${what}”像是人名。监测方案只能针对单位、某类工作或者某个问题，不能针对个人。`,
    personal: '这里像是电话、证件号、账号之类的个人信息。监测方案只能针对单位、某类工作或者某个问题。',
    handle: '“@”后面是个人账号。监测方案只能针对单位、某类工作或者某个问题，不能针对个人。',
  },
  /** What is wrong with a line of a word list. */
  wordLists: {
    tooMany: (most: number) => `词表最多 ${most} 条，从这一行起没有读。请删减。`,
    twice: (word: string, line: number) => `“${word}”与第 ${line} 行重复。`,
    length: (word: string, most: number) => `“${word}”太长，一个词最多 ${most} 个字。`,
    short: (word: string) => `“${word}”太短，一个词至少两个字。`,
    notAWord: (word: string) => `“${word}”中有不能作为词的符号。`,
    person: (word: string) => `“${word}”像是人名。词表不收录个人姓名。`,
    dictionaryForm:
      '格式不对。一行一个词，后面可以写词频（整数）和词性（字母），用空格隔开，例如：公益诉讼 500 n。',
    frequency: (most: number) => `词频须为 1 至 ${most} 之间的整数。`,
    oneWord: '一行只能写一个词。',
    synonymForm: (most: number) =>
      `格式不对。一行一组同义词，用等号隔开，例如：醉驾 = 酒驾；一组最多 ${most} 个词。`,
    unknownClass: (name: string, known: readonly string[]) =>
      `没有“${name}”这个类别。可以是：${known.join('、')}。`,
    noClass: '这一行前面没有类别。请先单独写一行类别，例如：[刑事检察]。',
    classForm:
      '格式不对。一行一个词，后面空一格写分值，例如：提起公诉 3；不支持这个类别的词写负分，例如：公益诉讼 -2。',
    weight: (most: number) => `分值须在 -${most} 到 ${most} 之间。`,
    unknownSign: (word: string, known: readonly string[]) =>
      `没有“${word}”这个标记。可以是：${known.join('、')}。`,
    emptyPart: (word: string) => `“${word}”的省略号前后都要有字。`,
    synonymSame: (word: string) => `“${word}”在同一行写了两次。`,
  },
  /** Rules of warnings in words, and the numbers that they look at. */
  warnings: {
    posts: (hours: number) => `近 ${hours} 小时帖文（条）`,
    negative: (hours: number) => `近 ${hours} 小时负面占比（%）`,
    places: (hours: number) => `近 ${hours} 小时出现的信源和媒体（个）`,
    pace: (minutes: number) => `最快时 ${minutes} 分钟内的帖文（条）`,
    rise: '声量偏离平时的程度（分）',
    shareRise: '负面占比偏离平时的程度（分）',
    heat: '热度（分）',
    series: '帖文',
    office: '本单位全部舆情',
    untitled: '（尚未命名的关切）',
    /** A number beside what is usual; the unit stands behind the label. */
    number: (label: string, value: string, expected: string | null) => {
      const [, what = label, unit = ''] = /^(.+)（([^）]+)）$/u.exec(label) ?? [];
      const said = (number: string) => (unit === '%' ? `${number}%` : `${number} ${unit}`.trim());
      return expected === null
        ? `${what} ${said(value)}`
        : `${what} ${said(value)}（平时 ${said(expected)}）`;
    },
    why: (numbers: readonly string[]) => `${numbers.join('；')}。`,
    subjects: { concern: '关切', watch: '监测方案', line: '业务条线', office: '本单位总体' } as Record<
      string,
      string
    >,
    rule: (subjects: readonly string[], conditions: readonly string[]) =>
      `任一${subjects.join('、')}同时满足：${conditions.join('；')}`,
    volume: (hours: number, least: number) => `近 ${hours} 小时帖文不少于 ${least} 条`,
    ratio: (times: number) => `达到平时的 ${times} 倍`,
    beyond: (deviations: number) => `超出平时 ${deviations} 个标准差`,
    share: (hours: number, least: number, share: number) =>
      `近 ${hours} 小时至少 ${least} 条帖文中负面不低于 ${share}%`,
    above: (points: number) => `比平时高 ${points} 个百分点以上`,
    sources: (hours: number, least: number) => `近 ${hours} 小时有 ${least} 个以上信源或媒体提及`,
    spreads: '新出现，扩散速度达到以往大热话题的水平',
    changes: { volume: '声量明显偏离自身规律', negative: '负面占比明显偏离自身规律' },
    grows: '声量持续缓慢上升',
    heatLeast: (heat: number) => `热度不低于 ${heat}`,
    heatTrend: (times: number) => `热度达到平时的 ${times} 倍`,
    and: (parts: readonly string[]) => parts.join('，且'),
    hold: (time: string) => `并持续 ${time}`,
    quiet: (from: number, to: number) => `${from} 点至次日 ${to} 点不提示，到点后仍满足才提示`,
    cool: (hours: number) => `同一对象 ${hours} 小时内不重复提示`,
    calm: (hours: number, ratio: number, most: number) =>
      `近 ${hours} 小时帖文回落到平时的 ${ratio} 倍以内或不超过 ${most} 条时视为平息`,
    minutes: (minutes: number) => (minutes % 60 === 0 ? `${minutes / 60} 小时` : `${minutes} 分钟`),
    end: '。',
    next: '；',
  },
};
