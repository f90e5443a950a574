/** Citizens get plain pages: nothing to run, nothing to store. */
export const csr = false;
