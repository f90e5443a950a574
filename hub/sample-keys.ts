import { messages } from './messages.ts';

/** What the sample office's accounts at the simulated platforms are called. */
export const SAMPLE_ACCOUNT = messages.sampleAccount;

/** What opens the accounts at the simulated platforms, which nobody but this machine can reach. */
export const SAMPLE_WECHAT = {
  appId: 'wx5a3b1c7d9e0f2468',
  appSecret: 'secret-of-the-sample-account',
  callbackToken: 'sampleCallbackToken',
  aesKey: 'sampleKeySampleKeySampleKeySampleKeySampleE',
} as const;
export const SAMPLE_WEIBO = {
  uid: '2345678901',
  appKey: '1234567890',
  appSecret: 'secret-of-the-sample-app',
  token: '2.00sampleTokenOfTheSimulatedPlatform',
} as const;
