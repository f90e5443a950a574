/**
 * How every process of the hub runs Node. The roles hold little, and there are many processes on one machine: small young
 * generations, and an old one whose bound (far above what is needed) tells V8 to collect rather than to grow. In
 * megabytes. `setup.mjs` names the first one too: compiled code is only shared between processes with the same flags.
 */
export const nodeFlags = ['--max-semi-space-size=2', '--max-old-space-size=384'];
