/** Kinds of personal data that are masked; but for names and years of birth the mask names the kind, never a part of the data. */
export type RedactionType = keyof typeof MASKS;

/** Offsets in UTF-16 units of the text. `mask`: what stands there instead, where it is not the one of the kind. */
export type Replacement = { start: number; end: number; type: RedactionType; mask?: string };

/** `kept`: how many units of the beginning the mask keeps: the surname, or the first character. */
export type Name = { start: number; end: number; kept: number };

export const MASKS = {
  email: '[邮箱]',
  'id-card': '[身份证号]',
  'bank-card': '[银行卡号]',
  mobile: '[手机号]',
  landline: '[电话号码]',
  passport: '[护照号]',
  permit: '[证件号]',
  plate: '[车牌号]',
  wechat: '[微信号]',
  qq: '[QQ号]',
  account: '[账号]',
  address: '[详细地址]',
  school: '[学校]',
  'birth-date': '[出生日期]',
  name: '[姓名]',
} as const;

export function applyMasks(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, type, mask } of replacements) {
    result += text.slice(done, start) + (mask ?? MASKS[type]);
    done = end;
  }
  return result + text.slice(done);
}
