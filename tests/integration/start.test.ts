import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childEnv } from '../../config/env.ts';
import { freePort } from '../../hub/engines/processes.ts';
import { newFolder } from '../support/engines.ts';
import { processesOf, runCli, startTestHub } from '../support/hub.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let folder: string;
beforeAll(() => {
  folder = newFolder();
});
afterAll(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** What a start that is refused must look like: one message in Chinese, no stack, exit code 1, nothing left running. */
async function refused(env: Record<string, string>, args: string[] = ['start']): Promise<string> {
  const { code, err } = await runCli(args, env);
  expect(code).toBe(1);
  expect(err).toMatch(/\p{Script=Han}/u);
  expect(err).not.toMatch(/\n\s+at /);
  return err;
}

describe('a start that cannot succeed says in one message what to do', () => {
  test('when the port is taken', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    const data = join(folder, 'port');
    const err = await refused({ JIANSHENG_DATA: data, PORT: String(port) });
    expect(err).toContain(`端口 ${port} 已被占用`);
    other.close();
    expect(existsSync(join(data, 'run.json'))).toBe(false);
  });

  test('when the data folder cannot be written', async () => {
    // A file stands where the folder should be: not even root can write into that.
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(await refused({ JIANSHENG_DATA: join(file, 'data') })).toContain('不能写入');
  });

  test('when the database or the search engine from outside does not answer', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const base = { JIANSHENG_DATA: join(folder, 'outside'), PORT: String(await freePort()) };
    expect(await refused({ ...base, DATABASE_URL: `postgres://u:p@${nobody}/d` })).toContain('DATABASE_URL');
    expect(await refused({ ...base, MEILI_URL: `http://${nobody}`, MEILI_KEY: 'x'.repeat(16) })).toContain(
      'MEILI_URL',
    );
    expect(processesOf(join(folder, 'outside'))).toEqual([]);
  });

  test('when settings are wrong, all of them at once', async () => {
    const file = join(folder, 'hub.yaml');
    writeFileSync(file, 'office: { code: x, level: city }\nwebb: 1\nsources: [{ kind: feed, key: BAD }]\n');
    const err = await refused({}, ['start', '--config', file]);
    for (const key of [
      'office.code',
      'office.name',
      'office.level',
      'webb',
      'sources.0.key',
      'sources.0.url',
    ]) {
      expect(err).toContain(key);
    }
  });

  test('when a real hub has no key, with one to take', async () => {
    const file = join(folder, 'real.yaml');
    const data = join(folder, 'real');
    writeFileSync(file, "office: { code: '530000', name: 云州市人民检察院, level: municipal }\n");
    const err = await refused({ JIANSHENG_DATA: data }, ['start', '--config', file]);
    expect(err).toMatch(/JIANSHENG_KEY=[\w-]{43}$/m);
    expect(existsSync(data)).toBe(false);
  });

  test('when a variable is wrong, the file is missing, or the role does not exist', async () => {
    expect(await refused({ PORT: 'eighty', LOG_LEVEL: 'loud' })).toMatch(/PORT[\s\S]*LOG_LEVEL/);
    expect(await refused({}, ['start', '--config', join(folder, 'nowhere.yaml')])).toContain('nowhere.yaml');
    expect(await refused({}, ['start', '--role', 'cook'])).toContain('cook');
    expect(await refused({}, ['start', '--nonsense'])).toContain('nonsense');
  });

  test('when another hub runs on the same data', async () => {
    const data = newFolder();
    const hub = await startTestHub(data);
    try {
      expect(await refused({ JIANSHENG_DATA: data, PORT: String(await freePort()) })).toContain(
        '正由另一个检声使用',
      );
      const doctor = await runCli(['doctor'], { JIANSHENG_DATA: data });
      expect(doctor).toMatchObject({ code: 0 });
      for (const part of ['PostgreSQL', 'Meilisearch', '任务队列', '信源'])
        expect(doctor.out).toContain(part);
      const reindex = await runCli(['reindex'], { JIANSHENG_DATA: data });
      expect(reindex.out).toMatch(/已把 \d+ 条帖文重新送入检索库/);
      const audit = await runCli(['audit', 'verify'], { JIANSHENG_DATA: data });
      expect(audit).toMatchObject({ code: 0, out: expect.stringContaining('审计日志完好') });
      const keys = await runCli(['keys', 'rotate'], { JIANSHENG_DATA: data });
      expect(keys).toMatchObject({ code: 0, out: expect.stringContaining('没有需要重新加密的内容') });
      const list = join(data, 'offices.csv');
      const lines = [
        'code,name,level,parent',
        'above,上级人民检察院,provincial,',
        'sample-530000,云州市人民检察院,municipal,above',
      ];
      writeFileSync(list, lines.join('\n'));
      const shown = await runCli(['offices', 'import', list], { JIANSHENG_DATA: data });
      expect(shown).toMatchObject({
        code: 0,
        out: expect.stringContaining('新建 1，修改 1，不变 0，有错 0'),
      });
      const imported = await runCli(['offices', 'import', list, '--apply'], { JIANSHENG_DATA: data });
      expect(imported).toMatchObject({ code: 0, out: expect.stringContaining('已导入 2 项变化') });
    } finally {
      await hub.stop();
      rmSync(data, { recursive: true, force: true });
    }
  });
});

test('doctor without a running hub tells that, and what is wrong in a hub.yaml', async () => {
  const good = await runCli(['doctor'], { JIANSHENG_DATA: join(folder, 'doctor') });
  expect(good.code).toBe(0);
  expect(good.out).toContain('未在运行');
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, 'office: 1');
  const bad = await runCli(['doctor', '--config', file], { JIANSHENG_DATA: join(folder, 'doctor') });
  expect(bad.code).toBe(1);
  expect(bad.out).toContain('office');
});

test('Ctrl-C to the whole terminal, as npm passes it on, stops everything in order', async () => {
  const data = newFolder();
  // A process group of its own stands for the terminal: the signal reaches every process in it at once.
  const child = spawn(process.execPath, [join(ROOT, 'hub', 'setup.mjs'), 'hub/cli.ts', 'start'], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnv({ JIANSHENG_DATA: data, PORT: String(await freePort()) }),
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  while (!output.includes('已就绪')) await new Promise((resolve) => setTimeout(resolve, 100));
  const since = Date.now();
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect(await ended).toBe(0);
  expect(Date.now() - since).toBeLessThan(10_000);
  expect(output).toContain('已停止');
  expect(output).not.toMatch(/意外结束/);
  expect(processesOf(data)).toEqual([]);
  rmSync(data, { recursive: true, force: true });
});

test('Ctrl-C in the middle of the start leaves nothing running', async () => {
  const data = join(folder, 'early');
  mkdirSync(data);
  const child = spawn(process.execPath, [join(ROOT, 'hub', 'cli.ts'), 'start'], {
    cwd: ROOT,
    stdio: 'ignore',
    env: childEnv({ JIANSHENG_DATA: data, PORT: String(await freePort()) }),
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(existsSync(join(data, 'run.json'))).toBe(false);
  expect(processesOf(data)).toEqual([]);
});
