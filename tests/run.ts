import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnv } from '../config/env.ts';
import { build } from '../hub/build.ts';

/**
 * `npm test`: everything that can be wrong is looked at, in one go: format, lint, types, the build, and the tests of all
 * three kinds. Goes on after a failure, so that one run tells them all. The last line is `N passed, N failed`.
 */
const bin = (name: string) => join(import.meta.dirname, '..', 'node_modules', '.bin', name);

type Check = [name: string, command: string[]];

/** Writes the compiler settings and route types that lint and types read. */
const sync: Check = ['svelte sync', [bin('svelte-kit'), 'sync']];

/** None needs another one; the longest first. */
const checks: Check[] = [
  ['lint', [bin('eslint'), '--max-warnings', '0', '.']],
  [
    'types of pages',
    [bin('svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ],
  ['format', [bin('prettier'), '--check', '--log-level', 'warn', '.']],
  ['types', [bin('tsc'), '--noEmit']],
];

let passed = 0;
let failed = 0;

function count(name: string, ok: boolean, since: number): void {
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
}

/** Runs a program with this terminal. @returns whether it ended well */
function run([command = '', ...args]: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: childEnv({ NO_COLOR: '1' }),
    });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

/** Runs a check; what it says is shown when it has ended, since another one may be running. */
async function check([name, [command = '', ...args]]: Check): Promise<void> {
  const since = Date.now();
  const ok = await new Promise<boolean>((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: childEnv({ NO_COLOR: '1' }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', () => resolve(false));
    child.on('close', (code) => {
      process.stdout.write(output);
      resolve(code === 0);
    });
  });
  count(name, ok, since);
}

/** As many at a time as the machine has processors. */
async function checkAll(): Promise<void> {
  const waiting = [...checks];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await check(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function runVitest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ended = await run([bin('vitest'), 'run', ...reporters]);
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
    };
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    // A file that could not even be loaded, or an error outside of any test, has no failed test of its own.
    if (!ended && result.numFailedTests === 0) failed += Math.max(1, result.numFailedTestSuites);
  } catch {
    failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await check(sync);
await checkAll();
const since = Date.now();
const built = await build().then(
  () => true,
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return false;
  },
);
count('build', built, since);
await runVitest();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
