import { onTestFinished } from 'vitest';

/** Closes it with the test. */
export function forThisTest<T extends { close(): Promise<void> }>(platform: T): T {
  onTestFinished(() => platform.close());
  return platform;
}
