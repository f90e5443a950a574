import { expect, test } from 'vitest';
import { deviceOf } from '../../web/lib/server/identity/device.ts';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/';

test.each([
  [`${CHROME}139.0.0.0 Safari/537.36`, 'Chrome · Windows'],
  [`${CHROME}139.0.0.0 Safari/537.36 Edg/139.0.0.0`, 'Edge · Windows'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari · macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50',
    'WeChat · iOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 12; HarmonyOS) Chrome/114 HuaweiBrowser/15.0 Mobile Safari/537.36',
    'Huawei Browser · HarmonyOS',
  ],
  ['node', ''],
  ['', ''],
  [null, ''],
])('%s is shown as %s', (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device);
});

test('an update of the browser is the same device', () => {
  expect(deviceOf(`${CHROME}139.0 Safari/537.36`)).toBe(deviceOf(`${CHROME}140.0 Safari/537.36`));
});
