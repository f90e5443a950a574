import type { FaultClass } from '../fault.ts';

/**
 * What the platform's codes mean for publishing (WeChat's "全局返回码" and the pages of each call). What is not listed is
 * `failed`, with the platform's own words.
 */
export const classOfCode: Readonly<Record<number, FaultClass>> = {
  ...all('busy', -1, 61450, 268487001, 268487002),
  ...all('wait', 45011, 42010, 45066),
  ...all('quota', 45009, 45028),
  ...all('token', 40001, 40014, 41001, 42001),
  ...all(
    'administrator',
    ...[40002, 40013, 40125, 40164, 40243, 41002, 41004, 43002, 48001, 48004, 50002, 50004, 50007, 61004],
    ...[89503, 89504, 89505, 89506, 89507],
  ),
  ...all(
    'content',
    ...[40004, 40005, 40006, 40008, 40009, 40033, 40097, 40114, 40137, 41005, 41039, 44002, 44003, 44004],
    ...[45001, 45002, 45003, 45004, 45005, 45006, 45007, 45008, 45110, 45166, 47001],
    ...[53404, 53405, 53406, 53503, 53504, 53505],
    // Of one article that asks for comments, not of the account: another one without them is taken.
    88000,
  ),
  ...all('stale', 40007, 53600, 88001),
  ...all('repeated', 45065),
};

function all(kind: FaultClass, ...codes: number[]): Record<number, FaultClass> {
  return Object.fromEntries(codes.map((code) => [code, kind]));
}
