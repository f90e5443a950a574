import { readEnv } from '../config/env.ts';
import { HubError } from '../config/errors.ts';
import { messages } from './messages.ts';

/** Name → what it does; each command's code is loaded only when it runs. Returns the exit code. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
  start: async (args) => (await import('./commands/start.ts')).start(args),
  crawl: async (args) => (await import('./commands/crawl.ts')).crawl(args),
  reindex: async (args) => (await import('./commands/reindex.ts')).reindex(args),
  learn: async (args) => (await import('./commands/learn.ts')).learn(args),
  doctor: async (args) => (await import('./commands/doctor.ts')).doctor(args),
  audit: async (args) => (await import('./commands/audit.ts')).audit(args),
  keys: async (args) => (await import('./commands/keys.ts')).keys(args),
  offices: async (args) => (await import('./commands/offices.ts')).offices(args),
  'stop-crawling': async (args) => (await import('./commands/stop-crawling.ts')).stop(args),
  'resume-crawling': async (args) => (await import('./commands/stop-crawling.ts')).resume(args),
  upload: async (args) => (await import('./commands/upload.ts')).upload(args),
  replay: async (args) => (await import('./commands/replay.ts')).replay(args),
  try: async (args) => (await import('./commands/try.ts')).tryStep(args),
  help: async () => {
    console.log(messages.usage);
    return 0;
  },
};

async function main(argv: string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    console.error(`${messages.unknownCommand(name)}\n\n${messages.usage}`);
    return 2;
  }
  try {
    readEnv();
    return await command(args);
  } catch (error) {
    if (error instanceof HubError) {
      console.error(`\n${error.message}`);
      return 1;
    }
    throw error;
  }
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2));
  // The channel to `setup.mjs` would keep the process from ending.
  if (process.connected) process.disconnect();
}
