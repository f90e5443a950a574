// The first thing that runs, on whatever Node there is (20 or newer): installs what is missing, then hands over to the
// Node that the project brings along. Plain JavaScript of that age, without any package.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const words = {
  oldNode: '需要 Node.js 20 或更高版本（当前 ' + process.version + '）。请升级后再运行。',
  installing: '正在安装所需组件（首次约一分钟，需要联网）……',
  installFailed: '安装没有成功。请检查网络和磁盘空间后重试；也可先手工运行 npm install 查看原因。',
  noNode24: '没有找到随项目安装的 Node.js 24。请删除 node_modules 后重试。',
};

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Whether every package of the lock file is installed in its version; optional ones may be absent. */
function isInstalled() {
  try {
    /** @param {string} file */
    const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    const wanted = read('package-lock.json');
    const present = read('node_modules/.package-lock.json');
    return Object.keys(wanted).every((path) => {
      if (path === '' || wanted[path].optional || wanted[path].peer) return true;
      return present[path]?.version === wanted[path].version && existsSync(join(root, path, 'package.json'));
    });
  } catch {
    return false;
  }
}

/**
 * Runs a program with this terminal; its end is awaited.
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function install() {
  console.log(words.installing);
  // Inside `npm start` npm says where it is; else it is the one on PATH.
  const npm = process.env.npm_execpath;
  /** @param {string[]} command */
  const runNpm = (...command) => {
    const args = [...command, '--no-audit', '--no-fund', '--loglevel=error'];
    return npm ? run(process.execPath, [npm, ...args]) : run('npm', args);
  };
  // `ci` refuses a lock file that lacks packages of other platforms, as one made from an incomplete mirror does;
  // `install` takes the same versions from the same file all the same.
  if (!runNpm('ci') && !runNpm('install', '--no-save')) fail(words.installFailed);
}

/** Node 24 from node_modules, else the running one when it is new enough. */
function node24() {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(words.noNode24);
}

if (Number(process.versions.node.split('.')[0]) < 20) fail(words.oldNode);
if (!isInstalled()) install();
const [entry = '', ...args] = process.argv.slice(2);
const command = [node24(), '--max-semi-space-size=2', '--max-old-space-size=384', join(root, entry), ...args];
const env = {
  // Compiled code is kept: starting is faster, and types need not be stripped again in every process.
  NODE_COMPILE_CACHE: join(root, 'build', 'compile-cache'),
  // Fewer heaps of the C library: they grow with the number of threads, not with what is in them.
  MALLOC_ARENA_MAX: '2',
  ...process.env,
  PATH: join(root, 'node_modules', '.bin') + ':' + process.env.PATH,
};
// Where there is a way to, this very process becomes the program: one that only waits for it would hold 60 MB.
if (process.execve && process.platform !== 'win32') process.execve(command[0] ?? '', command, env);
else waitFor(command, env);

/**
 * Runs the program as a child, with its end as this process' own.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env
 */
function waitFor([program = '', ...args], env) {
  // The channel lets the child notice when this process is killed.
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
  // Ctrl-C reaches the child by itself; this process only waits for it. Other signals are passed on.
  process.on('SIGINT', () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
  child.on('error', (error) => fail(String(error)));
}
