import { between, pick, type Random } from './random.ts';

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** An 18-digit identity number that checks, with a birthday in 1900 that nobody living has. */
export function syntheticIdNumber(random: Random): string {
  const body = `11010119000101${String(between(random, 0, 999)).padStart(3, '0')}`;
  const sum = idWeights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}

/** A 19-digit card number that passes the Luhn check, from a range of zeros. */
export function syntheticBankCard(random: Random): string {
  const body = `6222000000000${String(between(random, 0, 99999)).padStart(5, '0')}`;
  let sum = 0;
  for (let index = 0; index < body.length; index++) {
    const digit = Number(body[body.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return body + String((10 - (sum % 10)) % 10);
}

export function syntheticPhone(random: Random): string {
  return `${pick(random, ['1380000', '1990000'])}${String(between(random, 0, 9999)).padStart(4, '0')}`;
}

/** A sentence in which somebody gives away more than they should. The hub must redact all of it. */
export function leak(random: Random): string {
  const phone = syntheticPhone(random);
  const mail = `yz${between(random, 100, 9999)}@example.com`;
  return pick(random, [
    `知情的请联系我${phone}。`,
    `我的电话是${phone}，随时可以核实。`,
    `我身份证号${syntheticIdNumber(random)}，可以查到登记记录。`,
    `证件号${syntheticIdNumber(random)}，电话${phone}，求回复。`,
    `钱打到这张卡上就没了：${syntheticBankCard(random)}。`,
    `材料发到${mail}也可以。`,
    `有同样情况的发邮件到${mail}，或打${phone}。`,
  ]);
}
