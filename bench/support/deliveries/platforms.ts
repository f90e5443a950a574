import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnv } from '../../../config/env.ts';
import { projectRoot } from '../../../hub/build.ts';

/** What a platform shows of one thing that somebody wanted to say, and how often it was published. */
export type Published = { account: string; said: string; times: number; standing: number };

/** Both simulated platforms in a process of their own, which outlives whoever publishes. */
export type Platforms = {
  wechat: string;
  weibo: string;
  pid: number;
  get<T>(platform: 'wechat' | 'weibo', path: string): Promise<T>;
  post<T>(platform: 'wechat' | 'weibo', path: string, body: unknown): Promise<T>;
  stop(): Promise<void>;
};

export async function startPlatforms(): Promise<Platforms> {
  const child = spawn(process.execPath, [join(projectRoot, 'tests', 'simulators', 'main.ts')], {
    cwd: projectRoot,
    env: childEnv({}),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const origins = JSON.parse(line.toString().split('\n')[0] ?? '') as { wechat: string; weibo: string };

  async function ask<T>(platform: 'wechat' | 'weibo', path: string, init?: RequestInit): Promise<T> {
    const answer = await fetch(`${origins[platform]}/_/${path}`, init);
    if (!answer.ok) throw new Error(`${platform} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  return {
    ...origins,
    pid: child.pid ?? 0,
    get: (platform, path) => ask(platform, path),
    post: (platform, path, body) =>
      ask(platform, path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
