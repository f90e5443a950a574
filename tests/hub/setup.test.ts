import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root, run } from './run.ts';

const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } });

/** A project of its own around the real setup.mjs, so that no test installs anything into this one. */
function project(entry: string, installed: string | null = '1.0.0'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jiansheng-setup-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'hub'));
  copyFileSync(join(root, 'hub/setup.mjs'), join(folder, 'hub/setup.mjs'));
  writeFileSync(join(folder, 'entry.mjs'), entry);
  writeFileSync(join(folder, 'package-lock.json'), lock('1.0.0'));
  if (installed !== null) {
    mkdirSync(join(folder, 'node_modules/a'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/a/package.json'), '{}');
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), lock(installed));
  }
  return folder;
}

const setup = (folder: string, args: string[] = [], env: Record<string, string> = {}, flags: string[] = []) =>
  run([...flags, join(folder, 'hub/setup.mjs'), 'entry.mjs', ...args], { cwd: tmpdir(), env });

/** An older Node cannot turn into another program. */
const WITHOUT = ['--import', 'data:text/javascript,process.execve = undefined'];

describe.each([
  ['in whose process the setup was', []],
  ['that the setup waits for, on an older Node', WITHOUT],
])('the program %s', (_, flags) => {
  test.each([0, 1, 2, 42])('passes its exit code on: %s', async (code) => {
    const folder = project(
      'process.exitCode = Number(process.argv[2]); if (process.connected) process.disconnect()',
    );
    expect((await setup(folder, [String(code)], {}, flags)).code).toBe(code);
  });

  test('that is killed counts as failed', async () => {
    const { code, signal } = await setup(project('process.kill(process.pid, "SIGKILL")'), [], {}, flags);
    expect(signal ?? code).toBe(flags.length > 0 ? 1 : 'SIGKILL');
  });

  test('that throws counts as failed', async () => {
    expect((await setup(project('throw new Error("fault")'), [], {}, flags)).code).toBe(1);
  });

  test('gets its arguments, its input and the project’s programs', async () => {
    const folder = project(
      'import { argv, env, stdin, stdout } from "node:process"; stdin.pipe(stdout); console.log(JSON.stringify(argv.slice(2)), env.PATH.split(":")[0]); if (process.connected) process.disconnect()',
    );
    const { out } = await run([...flags, join(folder, 'hub/setup.mjs'), 'entry.mjs', '--a', 'b c'], {
      input: '检察\n',
    });
    expect(out).toContain(`["--a","b c"] ${join(folder, 'node_modules/.bin')}`);
    expect(out).toContain('检察');
  });

  test('is asked to end when the setup is', async () => {
    const folder = project(
      'process.on("SIGTERM", () => process.exit(7)); console.log("ready"); setInterval(() => {}, 1000)',
    );
    const child = spawn(process.execPath, [...flags, join(folder, 'hub/setup.mjs'), 'entry.mjs']);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.stdout.once('data', () => child.kill('SIGTERM'));
    expect(await ended).toBe(7);
  });
});

test('no process stays behind to wait for the program', async () => {
  const { out } = await setup(project('console.log(process.ppid)'));
  expect(Number(out)).toBe(process.pid);
});

describe('what is missing is installed first', () => {
  /** Stands where npm would: notes how it was called and puts the packages there, or fails. */
  const npm = (folder: string, exit: number) => {
    const file = join(folder, 'npm.mjs');
    writeFileSync(
      file,
      `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
      appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
      if (${exit} === 0) { mkdirSync('node_modules', { recursive: true }); writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(lock('1.0.0'))}); }
      process.exit(${exit});`,
    );
    return { npm_execpath: file };
  };

  test.each([
    ['nothing is there', null],
    ['another version is there', '0.9.0'],
  ])('when %s', async (_, installed) => {
    const folder = project('console.log("entry runs")', installed);
    const { code, out } = await setup(folder, [], npm(folder, 0));
    expect(code).toBe(0);
    expect(out).toMatch(/正在安装[\s\S]*entry runs/);
    expect(existsSync(join(folder, 'calls'))).toBe(true);
  });

  test('not when all is there', async () => {
    const folder = project('console.log("entry runs")');
    expect((await setup(folder, [], npm(folder, 1))).out.trim()).toBe('entry runs');
    expect(existsSync(join(folder, 'calls'))).toBe(false);
  });

  test('also when only the folder of a package is gone', async () => {
    const folder = project('console.log("entry runs")');
    rmSync(join(folder, 'node_modules/a'), { recursive: true });
    await setup(folder, [], npm(folder, 0));
    expect(existsSync(join(folder, 'calls'))).toBe(true);
  });

  test('and where that fails, nothing is run and it is said what to do', async () => {
    const folder = project('console.log("entry runs")', null);
    const { code, out, err } = await setup(folder, [], npm(folder, 1));
    expect(code).toBe(1);
    expect(out).not.toContain('entry runs');
    expect(err).toContain('安装没有成功');
  });
});
