/** How long this thread has worked so far, in ms: what else the machine does at the same time does not count. */
export function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
