import type { FaultClass } from '../fault.ts';

/**
 * What Weibo's codes mean for publishing (open.weibo.com, Error_code). What is not listed is `failed`, with the platform's own words.
 * `wait` stands for limits that are counted by the hour.
 */
export const classOfCode: Readonly<Record<number, FaultClass>> = {
  ...all('busy', 10001, 10002, 10003, 10009, 10010, 10011, 21331),
  ...all('wait', 10022, 10023, 10024, 20016),
  ...all('administrator', 10004, 10005, 10006, 10013, 10014, 20023, 20031, 20033, 21321, 21322, 21324, 21326),
  ...all(
    'content',
    ...[10007, 10008, 10012, 10016, 10017, 10018, 10020, 10021],
    ...[20005, 20006, 20007, 20008, 20012, 20013, 20014, 20018, 20020, 20021],
  ),
  ...all('repeated', 20017, 20019, 20111),
  ...all('stale', 20101, 20102, 20112, 20201, 20203, 20204, 20206, 20207),
  ...all('reauthorise', 21314, 21315, 21316, 21317, 21319, 21327, 21330, 21332),
};

/** The status is published; its author finds it in a minute or two. */
export const SYNC_DELAYED = '20032';

/** A wrong parameter, and where it speaks of a domain, an app whose 安全域名 is not set as it should be. */
export function classOf(code: number, said: string): FaultClass {
  if (code === 10017 && /domain/iu.test(said)) return 'administrator';
  return classOfCode[code] ?? 'failed';
}

function all(kind: FaultClass, ...codes: number[]): Record<number, FaultClass> {
  return Object.fromEntries(codes.map((code) => [code, kind]));
}
