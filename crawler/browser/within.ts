/** The result of the work, unless it takes longer than so many milliseconds. @throws Error `TimeoutError` */
export async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`not done within ${ms} ms`);
      error.name = 'TimeoutError';
      reject(error);
    }, ms);
  });
  // What comes after its time is nobody's: its failure is no unhandled one.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
